import type { ByteString } from '../language/bytes.ts'
import { fittedByte } from './best-fit.ts'
import { hexNumberAt } from './byte-tables.ts'
import { scratch, written } from './scratch.ts'

const percent = 0x25
const plus = 0x2b
const space = 0x20

/**
 * `t:urlDecodeUni`: as `urlDecode`, and `%uHHHH` as servers of the IIS family read it: one byte, found by the best fit of the
 * code point, else its lower byte.
 */
export function urlDecodeUni(input: ByteString): ByteString {
  if (!input.includes('%') && !input.includes('+')) return input
  const output = scratch(input.length)
  let length = 0
  let changed = false
  for (let index = 0; index < input.length; length += 1) {
    const byte = input.charCodeAt(index)
    if (byte !== percent) {
      output[length] = byte === plus ? space : byte
      changed ||= byte === plus
      index += 1
      continue
    }
    const width = isUnicodeEscape(input, index) ? 4 : 2
    const number = hexNumberAt(input, index + (width === 4 ? 2 : 1), width)
    output[length] = number < 0 ? percent : width === 4 ? fittedByte(number) : number
    changed ||= number >= 0
    index += number < 0 ? 1 : width === 4 ? 6 : 3
  }
  return changed ? written(output, length) : input
}

function isUnicodeEscape(input: ByteString, index: number): boolean {
  const letter = input.charCodeAt(index + 1)
  return letter === 0x75 || letter === 0x55
}
