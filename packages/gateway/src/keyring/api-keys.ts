/** What is known of an API key that was shown; nothing here is secret. */
export interface ApiKeyStanding {
  readonly id: string
  /** What may be logged, such as `gw_test_7Hk2…`. */
  readonly display: string
  readonly consumer: string
  readonly label: string
  readonly tier: string | undefined
  readonly scopes: ReadonlySet<string>
  readonly roles: ReadonlySet<string>
  readonly attributes: Readonly<Record<string, unknown>>
  /** The end of its life, milliseconds since the Unix epoch. */
  readonly expiresAt: number
}

/** Why a key was not accepted; for the log, the client only learns that it was not. */
export type ApiKeyRefusal =
  'malformed' | 'checksum' | 'environment' | 'unknown' | 'expired' | 'revoked' | 'disabled'

/** Recognises API keys by their HMAC-SHA-256 under the pepper; keys themselves are kept nowhere. */
export interface ApiKeys {
  verify(presented: string): ApiKeyVerdict | Promise<ApiKeyVerdict>
}

export type ApiKeyVerdict =
  | { readonly kind: 'known'; readonly key: ApiKeyStanding }
  | { readonly kind: 'refused'; readonly refusal: ApiKeyRefusal }
