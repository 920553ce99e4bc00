import type { OidcSettings } from '../../../config/oidc-settings.ts'
import { roles, type Role } from '../../../store/account-store.ts'

/** What a provider says of somebody. */
export type Claims = Readonly<Record<string, unknown>>

/** The greatest role that the claims give; `undefined`: none, and so nobody who is let in. */
export function claimedRole(claims: Claims, mapping: OidcSettings['roles']): Role | undefined {
  const said = textsOf(valueOf(claims, mapping.claim))
  return roles.findLast((role) => mapping[role].some((value) => said.includes(value)))
}

/** Whether the claim is there at all. */
export function hasClaim(claims: Claims, claim: string): boolean {
  return valueOf(claims, claim) !== undefined
}

/** A claim of that very name goes before a way into an object: some providers write addresses as names. */
function valueOf(claims: Claims, claim: string): unknown {
  if (Object.hasOwn(claims, claim)) return claims[claim]
  let value: unknown = claims
  for (const name of claim.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Claims)[name]
  }
  return value
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
}
