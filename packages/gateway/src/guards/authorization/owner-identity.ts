import { toPlainNumber } from '../../exchange/exact-json.ts'
import type { Principal } from '../../exchange/principal.ts'
import type { OwnerDeclaration } from './settings.ts'

/** Answers for one caller whether an owner that was read is they. */
export type IsOwn = (owner: unknown) => boolean

/** Compiles what a caller owns: what equals the claim, or one element of it. Who lacks the claim owns nothing. */
export function compileOwnerIdentity({ equals }: OwnerDeclaration): (principal: Principal) => IsOwn {
  return (principal) => {
    if (principal.kind === 'anonymous') return ownsNothing
    // Own members only: a claim named `constructor` is not there just because objects have one.
    const claim =
      equals === 'consumer'
        ? principal.consumer
        : Object.hasOwn(principal.claims, equals)
          ? principal.claims[equals]
          : undefined
    const names = new Set((Array.isArray(claim) ? (claim as readonly unknown[]) : [claim]).map(toName))
    return (owner) => {
      const name = toName(owner)
      return name !== undefined && names.has(name)
    }
  }
}

/** Whether the caller holds a scope or role that reaches everybody's objects. */
export function compileExemption({ unless }: OwnerDeclaration): (principal: Principal) => boolean {
  const names = typeof unless === 'string' ? [unless] : (unless ?? [])
  return (principal) =>
    principal.kind === 'known' &&
    names.some((name) => principal.scopes.has(name) || principal.roles.has(name))
}

const ownsNothing: IsOwn = () => false

// 7 and "7" are one owner: a path has only texts. An empty text, and a number that may be another one, is none.
function toName(value: unknown): string | undefined {
  const plain = toPlainNumber(value)
  if (typeof plain === 'string') return plain === '' ? undefined : plain
  return Number.isSafeInteger(plain) ? String(plain) : undefined
}
