import type { ApiKeyStanding } from '../../keyring/api-keys.ts'
import type { RefusedToken, VerifiedToken } from './jwt/token-verdict.ts'

/** A place of a request where an API key can be. */
export interface ApiKeyPlace {
  readonly kind: 'api-key'
  readonly in: 'header' | 'query' | 'cookie'
  readonly name: string
}

/** The place of a request where a credential can be. */
export type CredentialSource = { readonly kind: 'bearer' } | ApiKeyPlace

/** A credential that was verified on this request. */
export type VerifiedCredential = VerifiedToken | { readonly kind: 'api-key'; readonly key: ApiKeyStanding }

/** The place that a contract or the settings name for API keys; names of header fields in lower case. */
export function apiKeyPlace(place: ApiKeyPlace['in'], name: string): ApiKeyPlace {
  return { kind: 'api-key', in: place, name: place === 'header' ? name.toLowerCase() : name }
}

/** What was found of a credential that was presented. */
export type CredentialVerdict = VerifiedCredential | RefusedToken

/** Whether two sources are the same place. */
export function isSameSource(left: CredentialSource, right: CredentialSource): boolean {
  if (left.kind === 'bearer' || right.kind === 'bearer') return left.kind === right.kind
  return left.in === right.in && left.name === right.name
}
