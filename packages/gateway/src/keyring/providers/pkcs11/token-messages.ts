/** Where a key is, and what opens it. */
export interface TokenAddress {
  /** The library of the token. */
  readonly module: string
  /** The label of the token. */
  readonly token: string
  readonly serial: string | undefined
  /** The label of the key. */
  readonly key: string
  readonly pin: string
}

/** What the process of a token is asked. */
export type TokenRequest =
  | { readonly kind: 'open'; readonly address: TokenAddress }
  | {
      readonly kind: 'wrap' | 'unwrap'
      readonly id: number
      readonly bytes: Uint8Array
      readonly associated: Uint8Array
    }

/** What it answers. */
export type TokenAnswer =
  | { readonly kind: 'done'; readonly id: number; readonly bytes: Uint8Array }
  /** The key has not wrapped that. */
  | { readonly kind: 'refused'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: FailureKind; readonly message: string }

/**
 * `unavailable`: another time it may work. `unusable`: not before somebody changes something. `pin`: as `unusable`, and it must
 * not be tried again, since tokens lock themselves.
 */
export type FailureKind = 'unavailable' | 'unusable' | 'pin'

/** Why a token does not do what it is asked. */
export class TokenFailure extends Error {
  readonly failure: FailureKind

  constructor(failure: FailureKind, message: string) {
    super(message)
    this.failure = failure
  }
}
