import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/**
 * A key for one use, from a key for many: HKDF with SHA-256 (RFC 5869), without salt since the key is uniformly random.
 * Keys with different `use` tell nothing about each other.
 *
 * @param use names the use; it must differ from every other use of the same key
 * @param length bytes
 */
export function deriveKey(key: KeyObject, use: Uint8Array, length = 32): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, noSalt, use, length)))
}

const noSalt = Buffer.alloc(0)
