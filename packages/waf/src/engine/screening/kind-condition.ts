import type { CompiledOperator } from '../../operators/operator.ts'
import type { ByteClass } from '../../regex/byte-class.ts'
import type { ByteCondition } from '../../regex/byte-condition.ts'
import { signatureOfClass } from '../signature.ts'

/**
 * What kinds of bytes a value must have so that an operator could hold for it: of each of some sets of kinds one. It is asked about every
 * check of every new signature, so it is a list of numbers and not a tree.
 */
export class KindCondition {
  readonly #operator: CompiledOperator
  #sets: Int32Array | undefined

  constructor(operator: CompiledOperator) {
    this.#operator = operator
  }

  /** Whether the operator could hold for a value of a signature; what it asks is found out when this is first asked. */
  mayHold(signature: number): boolean {
    const sets = (this.#sets ??= setsOf(this.#operator))
    for (let index = 0; index < sets.length; index++) {
      if (((sets[index] as number) & signature) === 0) return false
    }
    return true
  }
}

function setsOf(operator: CompiledOperator): Int32Array {
  let made = madeFor.get(operator)
  if (made === undefined) {
    const condition = operator.regex?.prefilter.condition ?? operator.condition
    made = Int32Array.from(condition === undefined ? [] : kindSetsOf(condition))
    madeFor.set(operator, made)
  }
  return made
}

/** Many forms of the values of many variables are asked about the same operator. */
const madeFor = new WeakMap<CompiledOperator, Int32Array>()

/**
 * Sets of kinds of each of which a value has one if it fulfils a condition on bytes. It may fulfil them without the condition: a
 * signature has the kinds of all bytes of its value, and of alternatives some are left out lest there be too many.
 */
export function kindSetsOf(condition: ByteCondition): readonly number[] {
  switch (condition.kind) {
    case 'true':
      return []
    case 'class':
      return [kindsOf(condition.bytes)]
    case 'all':
      return smallest(condition.parts.flatMap(kindSetsOf))
    case 'any':
      return condition.parts.map(kindSetsOf).reduce(either, [0])
  }
}

const mostSets = 24

/** What holds where one of two conditions does: every set of the one together with every set of the other. */
function either(left: readonly number[], right: readonly number[]): readonly number[] {
  const pairs = smallest(left.flatMap((first) => right.map((second) => first | second)))
  return pairs.length <= mostSets ? pairs : pairs.slice(0, mostSets)
}

/** Those sets that hold none of the others: who has a kind of a part has one of the whole. */
function smallest(sets: readonly number[]): readonly number[] {
  const found: number[] = []
  for (const set of sets) {
    if (found.some((other) => (other & set) === other)) continue
    const rest = found.filter((other) => (other & set) !== set)
    found.splice(0, found.length, ...rest, set)
  }
  return found
}

function kindsOf(bytes: ByteClass): number {
  let kinds = kindsOfClass.get(bytes)
  if (kinds === undefined) kindsOfClass.set(bytes, (kinds = signatureOfClass(bytes)))
  return kinds
}

/** Expressions share the classes of their letters. */
const kindsOfClass = new WeakMap<ByteClass, number>()
