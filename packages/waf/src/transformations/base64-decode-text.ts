import type { ByteString } from '../language/bytes.ts'
import { base64Decode } from './base64.ts'

/** As long a text as people hide in one parameter; what is longer is a file. */
const longest = 8_192
const shortest = 8

const alphabet = /^[A-Za-z0-9+/_-]+={0,2}$/
const textBytes = /^[\t\n\r\x20-\x7e\xc2-\xf4\x80-\xbf]+$/

/**
 * `t:base64DecodeText`: the text that a value is the base64 of (RFC 4648 sections 4 and 5). A value whose bytes are no text,
 * such as a word or an identifier, stays as it is.
 */
export function base64DecodeText(input: ByteString): ByteString {
  if (input.length < shortest || input.length > longest || !alphabet.test(input)) return input
  const decoded = base64Decode(input)
  return textBytes.test(decoded) && /[^\w]/.test(decoded) ? decoded : input
}
