/** A token that was verified on this request. */
export interface VerifiedToken {
  readonly kind: 'token'
  /** `<issuer>|<subject>`. */
  readonly consumer: string
  readonly subject: string
  readonly tier: string | undefined
  readonly scopes: ReadonlySet<string>
  readonly roles: ReadonlySet<string>
  readonly claims: Readonly<Record<string, unknown>>
  /** A hash of what was signed: the same token has the same one, and it cannot be turned back. */
  readonly fingerprint: string
}

/** Why a token is not accepted; for the log. */
export interface RefusedToken {
  readonly kind: 'refused'
  readonly reason: string
}

export type TokenVerdict = VerifiedToken | RefusedToken

/** The verdict on a token that is not accepted. */
export function refused(reason: string): RefusedToken {
  return { kind: 'refused', reason }
}
