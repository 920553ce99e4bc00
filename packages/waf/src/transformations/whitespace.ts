import type { ByteString } from '../language/bytes.ts'
import { isSpace, isWhitespace } from './byte-tables.ts'
import { dropBytes } from './drop-bytes.ts'
import { copyInto, scratch, written } from './scratch.ts'

const space = 0x20

/** `t:removeWhitespace`: without white space, the no-break space 0xA0 among it. */
export const removeWhitespace = dropBytes(isWhitespace)

/** `t:compressWhitespace`: one space for each run of white space, the no-break space 0xA0 among it. */
export function compressWhitespace(input: ByteString): ByteString {
  let index = firstUncompressed(input)
  if (index === input.length) return input
  const output = scratch(input.length)
  copyInto(output, 0, input, 0, index)
  let length = index
  for (; index < input.length; index += 1) {
    const byte = input.charCodeAt(index)
    const isBlank = isWhitespace[byte] === 1
    if (isBlank && length > 0 && output[length - 1] === space) continue
    output[length] = isBlank ? space : byte
    length += 1
  }
  return written(output, length)
}

/** `t:trim`: without white space at either end. */
export function trim(input: ByteString): ByteString {
  return trimLeft(trimRight(input))
}

/** `t:trimLeft`: without white space at the start. */
export function trimLeft(input: ByteString): ByteString {
  let start = 0
  while (start < input.length && isSpace[input.charCodeAt(start)] === 1) start += 1
  return start === 0 ? input : (input.slice(start) as ByteString)
}

/** `t:trimRight`: without white space at the end. */
export function trimRight(input: ByteString): ByteString {
  let end = input.length
  while (end > 0 && isSpace[input.charCodeAt(end - 1)] === 1) end -= 1
  return end === input.length ? input : (input.slice(0, end) as ByteString)
}

function firstUncompressed(input: ByteString): number {
  let wasSpace = false
  for (let index = 0; index < input.length; index += 1) {
    const byte = input.charCodeAt(index)
    const isBlank = isWhitespace[byte] === 1
    if (isBlank && (wasSpace || byte !== space)) return index
    wasSpace = isBlank
  }
  return input.length
}
