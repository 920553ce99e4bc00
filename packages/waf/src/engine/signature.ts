import type { ByteString } from '../language/bytes.ts'

// Kinds of bytes stand for all of their kind, so that few signatures come about, and what follows from one can be kept: control
// bytes, digits, upper case, lower case and high bytes are a kind each, every other byte is one of its own.
const lowKinds = new Int32Array(256)
const highKinds = new Int32Array(256)
const bytesOfKind = new Map<number, number[]>()

for (let byte = 0; byte < 256; byte += 1) {
  const kind = kindOf(byte)
  if (kind < 32) lowKinds[byte] = 1 << kind
  else highKinds[byte] = 1 << (kind - 32)
  const bytes = bytesOfKind.get(kind) ?? []
  bytes.push(byte)
  bytesOfKind.set(kind, bytes)
}

/** The kinds of bytes in a value, as one number. */
export function signatureOf(value: ByteString): number {
  let low = 0
  let high = 0
  for (let index = 0; index < value.length; index += 1) {
    // A byte string has no character above U+00FF; masking keeps any other in range.
    const byte = value.charCodeAt(index) & 0xff
    low |= lowKinds[byte] ?? 0
    high |= highKinds[byte] ?? 0
  }
  return high * 0x1_0000_0000 + (low >>> 0)
}

/** Every byte of the kinds of a signature, as a mask: never fewer than those of a value that has it. */
export function maskOfSignature(signature: number): Uint32Array {
  const low = signature >>> 0
  const high = Math.floor(signature / 0x1_0000_0000)
  const mask = new Uint32Array(8)
  for (const [place, bytes] of bytesOfKind) {
    if ((place < 32 ? low >>> place : high >>> (place - 32)) & 1) {
      for (const byte of bytes) mask[byte >>> 5] = (mask[byte >>> 5] ?? 0) | (1 << (byte & 31))
    }
  }
  return mask
}

/** Fewer than 53 kinds, so that a signature is exact as a number. */
function kindOf(byte: number): number {
  if (byte < 0x20) return 0
  if (byte >= 0x7f) return 1
  if (byte >= 0x30 && byte <= 0x39) return 2
  if (byte >= 0x41 && byte <= 0x5a) return 3
  if (byte >= 0x61 && byte <= 0x7a) return 4
  if (byte < 0x30) return 5 + byte - 0x20
  if (byte < 0x41) return 21 + byte - 0x3a
  return byte < 0x61 ? 28 + byte - 0x5b : 34 + byte - 0x7b
}
