import type { CompiledOperator } from '../../operators/operator.ts'
import type { ByteClass } from '../../regex/byte-class.ts'
import type { ByteCondition } from '../../regex/byte-condition.ts'
import { signatureOfClass } from '../signature.ts'

/** Whether a value of a signature may fulfil a condition. */
export type KindCondition = (signature: number) => boolean

/**
 * A condition on bytes as one on kinds of bytes, which is asked of a signature. It holds wherever that on bytes does, since a signature
 * has the kinds of all bytes of its value.
 */
export function kindConditionOf(condition: ByteCondition): KindCondition {
  switch (condition.kind) {
    case 'true':
      return holdsAlways
    case 'class': {
      const kinds = kindsOf(condition.bytes)
      return (signature) => (signature & kinds) !== 0
    }
    case 'all': {
      const parts = condition.parts.map(kindConditionOf)
      return (signature) => parts.every((holds) => holds(signature))
    }
    case 'any': {
      const parts = condition.parts.map(kindConditionOf)
      return (signature) => parts.some((holds) => holds(signature))
    }
  }
}

function kindsOf(bytes: ByteClass): number {
  let kinds = kindsOfClass.get(bytes)
  if (kinds === undefined) kindsOfClass.set(bytes, (kinds = signatureOfClass(bytes)))
  return kinds
}

/** Expressions share the classes of their letters. */
const kindsOfClass = new WeakMap<ByteClass, number>()

const holdsAlways: KindCondition = () => true

/** Whether an operator could hold for a value of a signature; found out once an operator, when first asked. */
export function operatorCondition(operator: CompiledOperator): KindCondition {
  let made: KindCondition | undefined
  return (signature) => (made ??= conditionOf(operator))(signature)
}

function conditionOf(operator: CompiledOperator): KindCondition {
  let made = madeFor.get(operator)
  if (made === undefined) {
    const condition = operator.regex?.prefilter.condition ?? operator.condition
    made = condition === undefined ? holdsAlways : kindConditionOf(condition)
    madeFor.set(operator, made)
  }
  return made
}

/** Many forms of the values of many variables are asked about the same operator. */
const madeFor = new WeakMap<CompiledOperator, KindCondition>()
