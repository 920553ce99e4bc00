import type { ByteString } from '../language/bytes.ts'
import { tableOf } from './byte-tables.ts'
import { scratch, written } from './scratch.ts'

const space = 0x20
const isDropped = tableOf('"\'\\^')
const isBlank = tableOf(' ,;\t\r\n')
const isTight = tableOf('/(')

/**
 * `t:cmdLine`: a command line without what shells do not see. Quotes, backslashes and carets go, commas, semicolons and white
 * space become one space, none before `/` and `(`, and letters are lower case.
 */
export function commandLine(input: ByteString): ByteString {
  const output = scratch(input.length)
  let length = 0
  let changed = false
  for (let index = 0; index < input.length; index += 1) {
    const byte = input.charCodeAt(index)
    if (isDropped[byte] === 1) continue
    const followsSpace = length > 0 && output[length - 1] === space
    if (isBlank[byte] === 1) {
      changed ||= byte !== space
      if (followsSpace) continue
      output[length] = space
    } else {
      if (followsSpace && isTight[byte] === 1) length -= 1
      const isUpper = byte >= 0x41 && byte <= 0x5a
      changed ||= isUpper
      output[length] = isUpper ? byte + 0x20 : byte
    }
    length += 1
  }
  return changed || length !== input.length ? written(output, length) : input
}
