/** Who a request was found to come from; never `undefined`. */
export type Principal = Anonymous | Known

export interface Anonymous {
  readonly kind: 'anonymous'
}

/** A caller whose credential was verified on this request. */
export interface Known {
  readonly kind: 'known'
  /** The consumer: the owner of an API key, or a token's issuer and subject as `<issuer>|<sub>`. */
  readonly consumer: string
  /** What people call the consumer. */
  readonly label: string
  /** The tier that sets limits; `undefined`: the default tier. */
  readonly tier: string | undefined
  readonly scopes: ReadonlySet<string>
  readonly roles: ReadonlySet<string>
  /** The claims of a token, or the attributes of an API key; what `owner` and other rules compare with. */
  readonly claims: Readonly<Record<string, unknown>>
  readonly credentials: readonly UsedCredential[]
}

/** A credential as it may be logged: never the secret itself. */
export interface UsedCredential {
  readonly kind: 'api-key' | 'jwt' | 'mutual-tls'
  /** The name of the contract's security scheme it satisfied. */
  readonly scheme: string
  /** A stable identity for limits and logs: the key's id, or the token's fingerprint. */
  readonly id: string
  /** What a log may show, such as `gw_test_7Hk2…`. */
  readonly display: string
}

export const anonymous: Anonymous = Object.freeze({ kind: 'anonymous' })
