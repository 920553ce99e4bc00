import type { CompiledOperator } from '../../operators/operator.ts'
import type { LiteralSet } from './literal-finder.ts'
import { LiteralFinder } from './literal-finder.ts'

/** The literals that operators ask for, and what finds all of them in one pass. */
export class LiteralIndex {
  readonly finder: LiteralFinder
  readonly #setsOf = new Map<CompiledOperator, readonly LiteralSet[]>()

  constructor(operators: Iterable<CompiledOperator>) {
    const sets: (readonly string[])[] = []
    for (const operator of operators) {
      if (this.#setsOf.has(operator)) continue
      this.#setsOf.set(
        operator,
        literalsOf(operator).map((literals) => sets.push(literals) - 1),
      )
    }
    this.finder = new LiteralFinder(sets)
  }

  /** The sets of each of which a value must hold a literal, lest the operator be sure not to hold for it. */
  setsOf(operator: CompiledOperator): readonly LiteralSet[] {
    return this.#setsOf.get(operator) ?? []
  }
}

function literalsOf({ phrases, regex }: CompiledOperator): readonly (readonly string[])[] {
  // The empty text is in every value.
  if (phrases !== undefined) return phrases.includes('') ? [] : [phrases]
  return regex?.prefilter.literals ?? []
}
