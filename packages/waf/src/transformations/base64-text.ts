import { isUtf8 } from 'node:buffer'
import type { ByteString } from '../language/bytes.ts'
import { sixBits } from './base64.ts'
import { scratch, written } from './scratch.ts'

/** A space is what a form made of a plus sign. */
const bitsOf = Int8Array.from(sixBits)
bitsOf[0x20] = 62

/** Shorter than this it is a word more often than anything else. */
const fewestCharacters = 8

/**
 * `t:base64DecodeText`: a value that as a whole is the base64 (RFC 4648 sections 4 and 5, padded or not, over line ends, in double quotes
 * or not) of text that somebody could read becomes that text; any other stays as it is. A space counts as the `+` that a form made it
 * of. What has no letter of each case is never decoded: no text of some length is written so, and identifiers often are.
 */
export function base64DecodeText(input: ByteString): ByteString {
  if (input.charCodeAt(0) !== 0x22 || input.charCodeAt(input.length - 1) !== 0x22) return decodeWhole(input)
  const quoted = input.slice(1, -1) as ByteString
  const decoded = decodeWhole(quoted)
  return decoded === quoted ? input : decoded
}

function decodeWhole(input: ByteString): ByteString {
  if (input.length < fewestCharacters || !beginsAsText(input)) return input
  const end = endOfPadding(input)
  const output = scratch(input.length)
  let length = 0
  let bits = 0
  let held = 0
  for (let index = 0; index < end; index += 1) {
    const byte = input.charCodeAt(index)
    if (byte === 0x0a || byte === 0x0d) continue
    const value = bitsOf[byte] ?? -1
    if (value < 0) return input
    bits = ((bits << 6) | value) & 0xffff
    held += 6
    if (held < 8) continue
    held -= 8
    const decoded = bits >> held
    if (isControl(decoded)) return input
    output[length] = decoded
    length += 1
  }
  // One character of six bits that is left over is the end of nothing.
  if (held === 6 || !upper.test(input) || !lower.test(input) || !isUtf8(output.subarray(0, length)))
    return input
  return written(output, length)
}

const upper = /[A-Z]/
const lower = /[a-z]/

/** Whether the first four characters are three of ASCII that can be seen: nearly all that is no base64 of text ends here. */
function beginsAsText(input: ByteString): boolean {
  const first = bitsOf[input.charCodeAt(0)] ?? -1
  const second = bitsOf[input.charCodeAt(1)] ?? -1
  const third = bitsOf[input.charCodeAt(2)] ?? -1
  const fourth = bitsOf[input.charCodeAt(3)] ?? -1
  if (first < 0 || second < 0 || third < 0 || fourth < 0) return false
  return (
    isVisible((first << 2) | (second >> 4)) &&
    isVisible(((second & 0xf) << 4) | (third >> 2)) &&
    isVisible(((third & 3) << 6) | fourth)
  )
}

function isVisible(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function isControl(byte: number): boolean {
  return byte < 0x80 && !isVisible(byte)
}

function endOfPadding(input: ByteString): number {
  let end = input.length
  while (end > input.length - 2 && input.charCodeAt(end - 1) === 0x3d) end -= 1
  return end
}
