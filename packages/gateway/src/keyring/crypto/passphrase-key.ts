import type { Secret } from '@gateward/kernel'
import { argon2, createSecretKey, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

/** The cost of guessing a passphrase: Argon2id (RFC 9106) with these numbers. */
export interface PassphraseCost {
  /** KiB. */
  readonly memory: number
  readonly passes: number
  readonly lanes: number
}

/** What RFC 9106 section 4 recommends where memory is scarce: 64 MiB, 3 passes, 4 lanes. */
export const recommendedCost: PassphraseCost = { memory: 65_536, passes: 3, lanes: 4 }

/**
 * A key of 32 bytes from a passphrase, with Argon2id.
 *
 * @param salt 16 bytes that no other key is made with
 */
export async function keyFromPassphrase(
  passphrase: Secret,
  salt: Buffer,
  { memory, passes, lanes }: PassphraseCost = recommendedCost,
): Promise<KeyObject> {
  const tag = await deriveTag('argon2id', {
    // Passphrases typed on different machines must be the same bytes.
    message: Buffer.from(passphrase.reveal().normalize('NFC'), 'utf8'),
    nonce: salt,
    parallelism: lanes,
    tagLength: 32,
    memory,
    passes,
  })
  return createSecretKey(tag)
}

const deriveTag = promisify(argon2)
