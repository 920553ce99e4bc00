import {
  createCipheriv,
  createDecipheriv,
  type CipherGCM,
  type DecipherGCM,
  type KeyObject,
} from 'node:crypto'

/** Bytes of a key: one half authenticates, the other encrypts. */
export const sivKeyBytes = 64

/**
 * Encrypts with AES-256-SIV (RFC 5297, AEAD_AES_SIV_CMAC_512) without a nonce: the same plaintext under the same key and
 * associated data gives the same message, which is what makes it searchable, and all that it gives away.
 *
 * @returns the synthetic initialization vector and the ciphertext in one
 * @throws RangeError where the plaintext is empty
 */
export function encryptSiv(key: KeyObject, plaintext: Uint8Array, associated: Uint8Array): Buffer {
  // OpenSSL never finishes an empty message, and its vector would stay unset.
  if (plaintext.length === 0) throw new RangeError('AES-SIV needs at least one byte to encrypt')
  const cipher = createCipheriv(algorithm, key, null) as CipherGCM
  cipher.setAAD(associated)
  const ciphertext = cipher.update(plaintext)
  cipher.final()
  return Buffer.concat([cipher.getAuthTag(), ciphertext])
}

/** The plaintext; `undefined` where anything of the message, the key or the associated data is another. */
export function decryptSiv(key: KeyObject, message: Uint8Array, associated: Uint8Array): Buffer | undefined {
  if (message.length <= vectorBytes) return undefined
  const cipher = createDecipheriv(algorithm, key, null) as DecipherGCM
  cipher.setAuthTag(message.subarray(0, vectorBytes))
  cipher.setAAD(associated)
  try {
    const plaintext = cipher.update(message.subarray(vectorBytes))
    cipher.final()
    return plaintext
  } catch {
    return undefined
  }
}

// The types know of no SIV; a cipher of it has the methods of the other authenticated ones.
const algorithm = 'aes-256-siv'
const vectorBytes = 16
