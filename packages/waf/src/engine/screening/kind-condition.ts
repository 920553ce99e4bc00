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
      const kinds = signatureOfClass(condition.bytes)
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

export const holdsAlways: KindCondition = () => true
