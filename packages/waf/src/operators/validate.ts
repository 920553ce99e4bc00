import { isUtf8 } from 'node:buffer'
import type { ByteString } from '../language/bytes.ts'
import { ByteClass } from '../regex/byte-class.ts'
import type { OperatorContext, OperatorFactory } from './operator.ts'
import { rx } from './rx.ts'

/**
 * `@validateByteRange`: holds where a byte is outside all of the ranges, `32-126, 9`. It is a regular expression of one class, so
 * that the bytes present in a value, known for all rules at once, mostly decide.
 */
export const validateByteRange: OperatorFactory = (argument, context) => {
  const isAllowed = byteTable(argument, context)
  const forbidden = Array.from(isAllowed.keys()).filter((byte) => isAllowed[byte] === 0)
  if (forbidden.length === 0) return { macro: false, test: () => false }
  return rx(`[${forbidden.map(hexEscape).join('')}]` as ByteString, context)
}

/** `@validateUrlEncoding`: holds where a `%` is not followed by two hexadecimal digits. */
export const validateUrlEncoding: OperatorFactory = (_, context) => {
  const digit = '[0-9A-Fa-f]'
  return rx(`%(?:${digit}?$|${digit}?[^0-9A-Fa-f])` as ByteString, context)
}

/** `@validateUtf8Encoding`: holds where the value is not UTF-8 (RFC 3629), be it cut short or longer than need be. */
export const validateUtf8Encoding: OperatorFactory = () => ({
  macro: false,
  condition: { kind: 'class', bytes: ByteClass.ofRanges([0x80, 0xff]) },
  test: (value) => !isAscii(value) && !isUtf8(Buffer.from(value, 'latin1')),
})

function isAscii(value: ByteString): boolean {
  for (let index = 0; index < value.length; index += 1) {
    if (value.charCodeAt(index) > 0x7f) return false
  }
  return true
}

function byteTable(argument: string, context: OperatorContext): Uint8Array {
  const isAllowed = new Uint8Array(256)
  for (const part of argument.split(',')) {
    const match = /^\s*(\d{1,3})\s*(?:-\s*(\d{1,3})\s*)?$/.exec(part)
    const low = Number(match?.[1] ?? 0)
    const high = Number(match?.[2] ?? low)
    if (match === null || high > 255 || low > high) reportRange(part, context)
    // What is no number counts as 0 then, as in ModSecurity; the mistake keeps the rule from being loaded anyway.
    if (part.trim() !== '' && high <= 255) isAllowed.fill(1, low, high + 1)
  }
  return isAllowed
}

function hexEscape(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`
}

function reportRange(part: string, context: OperatorContext): void {
  context.report({
    code: 'operator-argument',
    severity: 'error',
    message: `"${part.trim()}" is no range of bytes`,
    fix: 'write numbers from 0 to 255 and ranges of them, as in "9,10,13,32-126"',
  })
}
