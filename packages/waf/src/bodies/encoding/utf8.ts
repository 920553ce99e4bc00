import type { ByteString } from '../../language/bytes.ts'

/** The UTF-8 bytes of one code point from 0 to 0x10FFFF (RFC 3629 section 3), surrogates written as any other. */
export function utf8Of(codePoint: number): ByteString {
  if (codePoint < 0x80) return String.fromCharCode(codePoint) as ByteString
  const last = 0x80 | (codePoint & 0x3f)
  const third = codePoint >> 6
  if (codePoint < 0x800) return String.fromCharCode(0xc0 | third, last) as ByteString
  const second = codePoint >> 12
  if (codePoint < 0x10000)
    return String.fromCharCode(0xe0 | second, 0x80 | (third & 0x3f), last) as ByteString
  return String.fromCharCode(
    0xf0 | (codePoint >> 18),
    0x80 | (second & 0x3f),
    0x80 | (third & 0x3f),
    last,
  ) as ByteString
}
