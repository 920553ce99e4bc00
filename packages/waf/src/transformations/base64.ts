import type { ByteString } from '../language/bytes.ts'
import { scratch, written } from './scratch.ts'

const invalid = -1

/** The six bits of each character, of the plain alphabet and the one for URLs (RFC 4648 sections 4 and 5). */
export const sixBits = Int8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  const found = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(character)
  return character === '-' ? 62 : character === '_' ? 63 : found
})

/** `t:base64Encode` (RFC 4648 section 4). */
export function base64Encode(input: ByteString): ByteString {
  return Buffer.from(input, 'latin1').toString('base64') as ByteString
}

/** `t:base64Decode`: either alphabet, with or without padding, over line ends; up to the first byte that cannot belong. */
export function base64Decode(input: ByteString): ByteString {
  return decode(input, false)
}

/** `t:base64DecodeExt`: as lax decoders do it, leaving out whatever is not of the alphabet; a space counts as `+`. */
export function base64DecodeExt(input: ByteString): ByteString {
  return decode(input, true)
}

function decode(input: ByteString, isLax: boolean): ByteString {
  const output = scratch(input.length)
  let length = 0
  let bits = 0
  let held = 0
  for (let index = 0; index < input.length; index += 1) {
    const byte = input.charCodeAt(index)
    const value = isLax && byte === 0x20 ? 62 : (sixBits[byte] ?? invalid)
    if (value === invalid) {
      if (isLax || byte === 0x0a || byte === 0x0d) continue
      break
    }
    bits = ((bits << 6) | value) & 0xffff
    held += 6
    if (held < 8) continue
    held -= 8
    output[length] = bits >> held
    length += 1
  }
  return written(output, length)
}
