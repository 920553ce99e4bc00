import type { ByteClass } from './byte-class.ts'
import type { ByteCondition } from './byte-condition.ts'
import { byteConditionOf, holds } from './byte-condition.ts'
import { minimumLength } from './measure.ts'
import { once } from './once.ts'
import type { AnyOfLiterals } from './required-literals.ts'
import { requiredLiteralsOf } from './required-literals.ts'
import type { RegexNode } from './syntax-tree.ts'
import type { ValueFacts } from './value-facts.ts'

/** Conditions that every value must fulfil which an expression matches; cheap to test for many expressions. */
export interface Prefilter {
  /** The fewest bytes of a match. */
  readonly minLength: number
  /** Classes of each of which a match holds a byte. */
  readonly requiredBytes: readonly ByteClass[]
  /** What bytes every value holds that the expression matches. */
  readonly condition: ByteCondition
  /** Sets of lower-case texts, of each of which a match holds one, whatever the case of its letters. */
  readonly literals: readonly AnyOfLiterals[]
  /** False where no value made of these bytes alone, a mask as in `ValueFacts`, can match. */
  admitsBytes(mask: Uint32Array): boolean
  /** False where the expression is sure not to match the value. */
  admits(facts: ValueFacts): boolean
}

/** Derives an expression's prefilter from its tree, each part of it when it is first asked for: most rules of a set are off. */
export function createPrefilter(root: RegexNode): Prefilter {
  return new TreePrefilter(root)
}

class TreePrefilter implements Prefilter {
  readonly minLength: number
  readonly #condition: () => ByteCondition
  readonly #literals: () => readonly AnyOfLiterals[]

  constructor(root: RegexNode) {
    this.minLength = minimumLength(root)
    this.#condition = once(() => byteConditionOf(root))
    this.#literals = once(() => requiredLiteralsOf(root))
  }

  get requiredBytes(): readonly ByteClass[] {
    return requiredClasses(this.condition)
  }

  get condition(): ByteCondition {
    return this.#condition()
  }

  get literals(): readonly AnyOfLiterals[] {
    return this.#literals()
  }

  admitsBytes(mask: Uint32Array): boolean {
    return holds(this.condition, mask)
  }

  admits(facts: ValueFacts): boolean {
    if (facts.length < this.minLength || !holds(this.condition, facts.mask)) return false
    for (const set of this.literals) {
      if (set.length <= mostLookedFor && !holdsOneOf(facts.lower, set)) return false
    }
    return true
  }
}

/** One by one, more literals than these are slower to look for than the expression is to run. */
const mostLookedFor = 16

function requiredClasses(condition: ByteCondition): readonly ByteClass[] {
  if (condition.kind === 'class') return [condition.bytes]
  return condition.kind === 'all' ? condition.parts.flatMap(requiredClasses) : []
}

function holdsOneOf(text: string, literals: AnyOfLiterals): boolean {
  for (const literal of literals) if (text.includes(literal)) return true
  return false
}
