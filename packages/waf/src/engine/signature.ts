import type { ByteString } from '../language/bytes.ts'
import { scratchBytesOf, worthCopying } from '../language/scratch-bytes.ts'
import type { ByteClass } from '../regex/byte-class.ts'

// Kinds of bytes stand for all of their kind, so that few signatures come about, and what follows from one can be kept: control
// bytes, digits, upper case, lower case and high bytes are a kind each, pairs of brackets and a few rare signs share one, every
// other byte is one of its own. 32 kinds make a small integer, which is the fastest key of a map.
const kindTexts = [
  ...' "#$%&\'+,-./:;=?@\\_`|'.split(''),
  '!*',
  '()',
  '<>',
  '[]',
  '{}',
  '^~',
  '0123456789',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  'abcdefghijklmnopqrstuvwxyz',
]
const controlKind = kindTexts.length
const highKind = controlKind + 1
const bitOf = Int32Array.from({ length: 256 }, (_, byte) => 1 << kindOf(byte))

/** The kinds of bytes in a value, as the bits of one number. */
export function signatureOf(value: ByteString): number {
  const { length } = value
  if (length >= worthCopying) return signatureOfBytesIn(scratchBytesOf(value), length)
  let signature = 0
  for (let index = 0; index < length; index += 1) {
    // A byte string has no character above U+00FF; masking keeps any other in range.
    signature |= bitOf[value.charCodeAt(index) & 0xff] ?? 0
  }
  return signature
}

function signatureOfBytesIn(bytes: Uint8Array, length: number): number {
  let signature = 0
  for (let index = 0; index < length; index += 1) signature |= bitOf[bytes[index] ?? 0] ?? 0
  return signature
}

/** The kinds that the bytes of a class belong to. */
export function signatureOfClass(bytes: ByteClass): number {
  let signature = 0
  for (let byte = 0; byte < 256; byte += 1) if (bytes.has(byte)) signature |= bitOf[byte] ?? 0
  return signature
}

/** The kinds that the bytes of a table, 1 for each, belong to. */
export function signatureOfBytes(table: Uint8Array): number {
  return table.reduce((signature, isIn, byte) => (isIn === 1 ? signature | (bitOf[byte] ?? 0) : signature), 0)
}

function kindOf(byte: number): number {
  if (byte < 0x20) return controlKind
  if (byte >= 0x7f) return highKind
  const character = String.fromCharCode(byte)
  return kindTexts.findIndex((kind) => kind.includes(character))
}
