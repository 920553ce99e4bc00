import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

/** Bytes of the seed that an Ed25519 key is made from (RFC 8032 section 5.1.5). */
export const ed25519SeedBytes = 32

/** The private and public key of a seed (RFC 8032; the encoding is that of RFC 8410 section 7). */
export function ed25519FromSeed(seed: Uint8Array): {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
} {
  const privateKey = createPrivateKey({
    key: Buffer.concat([privateKeyInfo, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

// PrivateKeyInfo with the algorithm 1.3.101.112, as far as the seed.
const privateKeyInfo = Buffer.from('302e020100300506032b657004220420', 'hex')
