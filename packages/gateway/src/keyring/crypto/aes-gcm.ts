import { createCipheriv, createDecipheriv, randomFillSync, type KeyObject } from 'node:crypto'

/** Messages that one key may encrypt under random nonces of 96 bits (NIST SP 800-38D section 8.3). */
export const gcmMessageLimit = 2 ** 32

/** Bytes that a ciphertext is longer than its plaintext: nonce and tag. */
const gcmOverhead = 12 + 16

/**
 * Encrypts with AES-256-GCM (NIST SP 800-38D) under a fresh random nonce.
 *
 * @returns nonce, ciphertext and tag in one
 */
export function encryptGcm(key: KeyObject, plaintext: Uint8Array, associated: Uint8Array): Buffer {
  const message = Buffer.allocUnsafe(plaintext.length + gcmOverhead)
  writeNonce(message)
  const cipher = createCipheriv(algorithm, key, message.subarray(0, nonceBytes), { authTagLength: tagBytes })
  cipher.setAAD(associated)
  message.set(cipher.update(plaintext), nonceBytes)
  cipher.final()
  message.set(cipher.getAuthTag(), message.length - tagBytes)
  return message
}

/** The plaintext; `undefined` where anything of the message, the key or the associated data is another. */
export function decryptGcm(key: KeyObject, message: Uint8Array, associated: Uint8Array): Buffer | undefined {
  if (message.length < gcmOverhead) return undefined
  const cipher = createDecipheriv(algorithm, key, message.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  cipher.setAAD(associated)
  cipher.setAuthTag(message.subarray(message.length - tagBytes))
  const plaintext = cipher.update(message.subarray(nonceBytes, message.length - tagBytes))
  try {
    cipher.final()
    return plaintext
  } catch {
    return undefined
  }
}

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

// Asking the system for each nonce costs a third of an encryption, so they are fetched some hundred at a time.
const nonces = Buffer.alloc(nonceBytes * 512)
let nextNonce = nonces.length

function writeNonce(message: Buffer): void {
  if (nextNonce === nonces.length) {
    randomFillSync(nonces)
    nextNonce = 0
  }
  nonces.copy(message, 0, nextNonce, nextNonce + nonceBytes)
  nextNonce += nonceBytes
}
