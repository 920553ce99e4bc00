import { combine, split } from 'shamir-secret-sharing'

/** How many shares there are, and how many of them give the secret back. */
export interface SplitTerms {
  /** 2 to 255. */
  readonly shares: number
  /** 2 to `shares`. */
  readonly threshold: number
}

/**
 * Splits a secret so that any `threshold` of the shares give it back and fewer tell nothing (Shamir 1979, over GF(2^8)).
 * Shares carry no checksum: whether what was combined is right must be seen by other means.
 */
export async function splitSecret(secret: Uint8Array, terms: SplitTerms): Promise<readonly Buffer[]> {
  const shares = await split(Uint8Array.from(secret), terms.shares, terms.threshold)
  return shares.map((share) => Buffer.from(share))
}

/** The secret of enough shares; of too few or wrong ones, other bytes. */
export async function combineShares(shares: readonly Uint8Array[]): Promise<Buffer> {
  return Buffer.from(await combine(shares.map((share) => Uint8Array.from(share))))
}
