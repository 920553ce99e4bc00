import type { Brand } from '@gateward/kernel'

/**
 * Bytes as a string of characters U+0000 to U+00FF, one a byte ("latin1", "binary"): what every variable, transformation,
 * operator and regular expression of the engine works on. Text enters it once, as its UTF-8 bytes.
 */
export type ByteString = Brand<string, 'ByteString'>

/** The bytes of a buffer. */
export function bytesOf(buffer: Uint8Array): ByteString {
  return toBuffer(buffer).toString('latin1') as ByteString
}

/** The same bytes as a buffer. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** The UTF-8 bytes of a text. */
export function bytesOfText(text: string): ByteString {
  return Buffer.from(text, 'utf8').toString('latin1') as ByteString
}

/** The text that the bytes are in UTF-8; what is not UTF-8 becomes U+FFFD. */
export function textOf(bytes: ByteString): string {
  return beyondAscii.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes
}

const beyondAscii = /[\x80-\uffff]/
