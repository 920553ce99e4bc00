import type { ByteString } from '../language/bytes.ts'
import { bestFit } from './best-fit.ts'
import { copyInto, scratch, written } from './scratch.ts'

const digits = Buffer.from('0123456789abcdef', 'latin1')

/**
 * `t:utf8toUnicode`: each UTF-8 sequence of several bytes becomes `%uHHHH`, for `urlDecodeUni` to fold to one byte.
 *
 * Sequences longer than they need be are decoded like any other, since lax decoders behind us read them too: 0xC0 0xAF becomes
 * `%u002f`. Above the basic plane only what folds to ASCII is written (U+1D42C becomes `%u0073`, "s"): five digits would be
 * read as four and a stray one. Bytes that are no sequence stay.
 */
export function utf8ToUnicode(input: ByteString): ByteString {
  let index = 0
  while (index < input.length && input.charCodeAt(index) < 0xc0) index += 1
  if (index === input.length) return input
  // At most three characters a byte: two bytes become six.
  const output = scratch(input.length * 3)
  copyInto(output, 0, input, 0, index)
  let length = index
  let changed = false
  while (index < input.length) {
    const size = sequenceSize(input, index)
    const codePoint = size > 1 ? foldedCodePoint(codePointAt(input, index, size)) : undefined
    if (codePoint === undefined) {
      output[length] = input.charCodeAt(index)
      length += 1
      index += 1
      continue
    }
    length = writeEscape(output, length, codePoint)
    index += size
    changed = true
  }
  return changed ? written(output, length) : input
}

/** How many bytes the sequence at `index` has, 1 where the bytes there are not a lead byte and its continuation bytes. */
function sequenceSize(input: ByteString, index: number): number {
  const lead = input.charCodeAt(index)
  const size = lead < 0xc0 || lead > 0xf7 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  for (let offset = 1; offset < size; offset += 1) {
    if ((input.charCodeAt(index + offset) & 0xc0) !== 0x80) return 1
  }
  return size
}

function codePointAt(input: ByteString, index: number, size: number): number {
  let codePoint = input.charCodeAt(index) & (0xff >> (size + 1))
  for (let offset = 1; offset < size; offset += 1) {
    codePoint = (codePoint << 6) | (input.charCodeAt(index + offset) & 0x3f)
  }
  return codePoint
}

function foldedCodePoint(codePoint: number): number | undefined {
  if (codePoint <= 0xffff) return codePoint
  return codePoint <= 0x10ffff ? bestFit(codePoint) : undefined
}

function writeEscape(output: Buffer, length: number, codePoint: number): number {
  output[length] = 0x25
  output[length + 1] = 0x75
  for (let digit = 0; digit < 4; digit += 1) {
    output[length + 2 + digit] = digits[(codePoint >> (12 - 4 * digit)) & 15] ?? 0
  }
  return length + 6
}
