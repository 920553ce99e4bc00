import type { KeyObject } from 'node:crypto'

/** The public keys of token issuers (JWK Sets, RFC 7517), kept across reloads so that the last known good ones survive. */
export interface IssuerKeys extends AsyncDisposable {
  /** A set of keys at a URL or in a file; the same source gives the same set. */
  open(
    source:
      | { readonly kind: 'url' | 'file'; readonly location: string }
      | { readonly kind: 'discovery'; readonly issuer: string },
  ): IssuerKeySet
}

export interface IssuerKeySet {
  /**
   * The keys that can have signed: by `kid` where there is one. Fetches on an unknown `kid`, at most once per
   * cooldown; throws a retryable Fault where no key was ever had.
   */
  find(kid: string | undefined, algorithm: string): readonly KeyObject[] | Promise<readonly KeyObject[]>
}
