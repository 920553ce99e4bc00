import type { ByteString } from '../language/bytes.ts'
import { mapBytes } from './map-bytes.ts'

const latinCapitals = /[\xc0-\xde]/
const lowercaseBytes = mapBytes((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte))

/** `t:lowercase`: A to Z only, whatever the locale; bytes from 0x80 on are no letters. */
export function lowercase(input: ByteString): ByteString {
  // The engine's own function is many times as fast, and right wherever no byte is a capital letter of latin1.
  const lowered = input.toLowerCase()
  if (lowered === input) return input
  return latinCapitals.test(input) ? lowercaseBytes(input) : (lowered as ByteString)
}

/** `t:uppercase`: a to z only, whatever the locale. */
export const uppercase = mapBytes((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte))
