import type { ByteString } from '../language/bytes.ts'
import { hexNumberAt } from './byte-tables.ts'
import { scratch, written } from './scratch.ts'

const percent = 0x25
const plus = 0x2b
const space = 0x20

/** `t:urlDecode`: `%HH` and `+` decoded once; what is no such pair stays as it is. */
export function urlDecode(input: ByteString): ByteString {
  return input.includes('%') || input.includes('+') ? decode(input, space) : input
}

/** `t:percentDecode`: `%HH` decoded once (RFC 3986 section 2.1); a plus sign, which means a space in forms alone, stays. */
export function percentDecode(input: ByteString): ByteString {
  return input.includes('%') ? decode(input, plus) : input
}

function decode(input: ByteString, meaningOfPlus: number): ByteString {
  const output = scratch(input.length)
  let length = 0
  let changed = false
  for (let index = 0; index < input.length; length += 1) {
    const byte = input.charCodeAt(index)
    const pair = byte === percent ? hexNumberAt(input, index + 1, 2) : -1
    output[length] = pair >= 0 ? pair : byte === plus ? meaningOfPlus : byte
    changed ||= pair >= 0 || (byte === plus && meaningOfPlus !== plus)
    index += pair >= 0 ? 3 : 1
  }
  return changed ? written(output, length) : input
}
