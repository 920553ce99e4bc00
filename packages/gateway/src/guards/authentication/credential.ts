import type { ApiKeyStanding } from '../../keyring/api-keys.ts'
import type { RefusedToken, VerifiedToken } from './jwt/token-verifier.ts'

/** The place of a request where a credential can be. */
export type CredentialSource =
  | { readonly kind: 'bearer' }
  | { readonly kind: 'api-key'; readonly in: 'header' | 'query' | 'cookie'; readonly name: string }

/** A credential that was verified on this request. */
export type VerifiedCredential = VerifiedToken | { readonly kind: 'api-key'; readonly key: ApiKeyStanding }

/** What was found of a credential that was presented. */
export type CredentialVerdict = VerifiedCredential | RefusedToken

/** Whether two sources are the same place. */
export function isSameSource(left: CredentialSource, right: CredentialSource): boolean {
  if (left.kind === 'bearer' || right.kind === 'bearer') return left.kind === right.kind
  return left.in === right.in && left.name === right.name
}
