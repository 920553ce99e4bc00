import type { ByteString } from '../language/bytes.ts'

/**
 * The bytes without the spaces, tabs and line ends around them. `String.prototype.trim` would take U+00A0 too, which
 * here is a byte in the midst of a UTF-8 character.
 */
export function trimBlanks(text: string): ByteString {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start += 1
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  return text.slice(start, end) as ByteString
}

/** Whether nothing but spaces, tabs and line ends is in the bytes. */
export function isAllBlank(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (!isBlank(text.charCodeAt(index))) return false
  }
  return true
}

/** Whether a byte is a space, a tab, a line feed or a carriage return. */
export function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
