import type { ByteString } from '../language/bytes.ts'
import { hexDigit, hexNumberAt } from './byte-tables.ts'
import { controlEscape, narrowByte, octalDigits, octalNumber } from './escapes.ts'
import { copyInto, scratch, written } from './scratch.ts'

const backslash = 0x5c

// The two answers of readEscape; module state instead of an object a call, since nothing runs in between.
let escapeByte = 0
let escapeEnd = 0

/** `t:jsDecode`: JavaScript's escapes, `\u003c`, `\u{3c}`, `\x3c`, `\74`, `\n`; a backslash before anything else falls away. */
export function jsDecode(input: ByteString): ByteString {
  const first = input.indexOf('\\')
  // A backslash at the very end escapes nothing and stays.
  if (first < 0 || first === input.length - 1) return input
  const output = scratch(input.length)
  copyInto(output, 0, input, 0, first)
  let length = first
  for (let index = first; index < input.length; length += 1) {
    const byte = input.charCodeAt(index)
    if (byte !== backslash || index === input.length - 1) {
      output[length] = byte
      index += 1
      continue
    }
    readEscape(input, index + 1)
    output[length] = escapeByte
    index = escapeEnd
  }
  return written(output, length)
}

function readEscape(input: ByteString, start: number): void {
  const letter = input.charCodeAt(start)
  if (letter === 0x75 && readUnicode(input, start + 1)) return
  const hex = letter === 0x78 ? hexNumberAt(input, start + 1, 2) : -1
  if (hex >= 0) return answer(hex, start + 3)
  const octal = octalDigits(input, start)
  if (octal > 0) return readOctal(input, start, octal)
  const control = controlEscape[letter] ?? -1
  answer(control >= 0 ? control : letter, start + 1)
}

function readUnicode(input: ByteString, start: number): boolean {
  const four = hexNumberAt(input, start, 4)
  if (four >= 0) {
    answer(narrowByte(four), start + 4)
    return true
  }
  if (input.charCodeAt(start) !== 0x7b) return false
  let index = start + 1
  let number = 0
  for (; hexDigit[input.charCodeAt(index)] !== -1 && index < input.length; index += 1) {
    // Leading zeros may be many; past U+10FFFF it is no escape at all.
    number = number * 16 + (hexDigit[input.charCodeAt(index)] ?? 0)
    if (number > 0x10ffff) return false
  }
  if (index === start + 1 || input.charCodeAt(index) !== 0x7d) return false
  answer(narrowByte(number), index + 1)
  return true
}

function readOctal(input: ByteString, start: number, digits: number): void {
  // Three digits above \377 are more than a byte: then only two are taken.
  const count = digits === 3 && input.charCodeAt(start) > 0x33 ? 2 : digits
  answer(octalNumber(input, start, count), start + count)
}

function answer(byte: number, end: number): void {
  escapeByte = byte
  escapeEnd = end
}
