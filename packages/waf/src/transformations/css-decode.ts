import type { ByteString } from '../language/bytes.ts'
import { hexDigit, hexNumberAt, isSpace } from './byte-tables.ts'
import { narrowByte } from './escapes.ts'
import { copyInto, scratch, written } from './scratch.ts'

const backslash = 0x5c
const newline = 0x0a

/** `t:cssDecode`: the escapes of CSS (CSS Syntax 4.3.7), one to six hexadecimal digits and one white space after them. */
export function cssDecode(input: ByteString): ByteString {
  const first = input.indexOf('\\')
  if (first < 0) return input
  const output = scratch(input.length)
  copyInto(output, 0, input, 0, first)
  let length = first
  let index = first
  while (index < input.length) {
    const byte = input.charCodeAt(index)
    index += 1
    if (byte !== backslash) {
      output[length] = byte
      length += 1
      continue
    }
    const digits = countHexDigits(input, index)
    if (digits > 0) {
      output[length] = narrowByte(hexNumberAt(input, index, digits))
      length += 1
      index += digits
      if (isSpace[input.charCodeAt(index)] === 1) index += 1
    } else if (index < input.length) {
      // An escaped end of line joins two lines, any other character stands for itself.
      const character = input.charCodeAt(index)
      output[length] = character
      if (character !== newline) length += 1
      index += 1
    }
  }
  return written(output, length)
}

function countHexDigits(input: ByteString, start: number): number {
  let count = 0
  while (count < 6 && (hexDigit[input.charCodeAt(start + count)] ?? -1) >= 0) count += 1
  return count
}
