import { randomBytes } from 'node:crypto'

/** The digits of base 62 in ASCII order. */
export const base62Digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Random base-62 digits, each equally likely: 5.95 bits apiece. */
export function randomBase62(length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length - text.length)) {
      // 248 is the largest multiple of 62 in a byte: taking what is above would favour the first digits.
      if (byte < 248) text += base62Digits[byte % 62]
    }
  }
  return text
}

/** An unsigned number in base 62, filled up with zeros to `length` digits. */
export function toBase62(value: number, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest = Math.floor(rest / 62))
    text = base62Digits[rest % 62] + text
  return text
}
