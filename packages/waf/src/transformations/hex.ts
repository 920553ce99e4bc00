import type { ByteString } from '../language/bytes.ts'
import { hexDigit, hexNumberAt } from './byte-tables.ts'
import { scratch, written } from './scratch.ts'

/** `t:hexEncode`: two lower-case digits a byte. */
export function hexEncode(input: ByteString): ByteString {
  return Buffer.from(input, 'latin1').toString('hex') as ByteString
}

/**
 * `t:hexDecode`: one byte for each two characters; an odd one at the end falls away. Characters that are no digits count as the
 * arithmetic of C gives, as in ModSecurity, so that the bytes around them keep their places.
 */
export function hexDecode(input: ByteString): ByteString {
  const output = scratch(input.length)
  const length = input.length >> 1
  for (let index = 0; index < length; index += 1) {
    output[index] = laxDigit(input.charCodeAt(index * 2)) * 16 + laxDigit(input.charCodeAt(index * 2 + 1))
  }
  return written(output, length)
}

/** `t:sqlHexDecode`: each literal `0x414243` becomes the bytes it writes; a digit without its pair ends it. */
export function sqlHexDecode(input: ByteString): ByteString {
  if (!input.includes('0x') && !input.includes('0X')) return input
  const output = scratch(input.length)
  let length = 0
  let index = 0
  while (index < input.length) {
    if (!isLiteral(input, index)) {
      output[length] = input.charCodeAt(index)
      length += 1
      index += 1
      continue
    }
    index += 2
    for (let byte = hexNumberAt(input, index, 2); byte >= 0; byte = hexNumberAt(input, index, 2)) {
      output[length] = byte
      length += 1
      index += 2
    }
  }
  return length === input.length ? input : written(output, length)
}

function isLiteral(input: ByteString, index: number): boolean {
  return (
    input.charCodeAt(index) === 0x30 &&
    (input.charCodeAt(index + 1) | 0x20) === 0x78 &&
    hexNumberAt(input, index + 2, 2) >= 0
  )
}

function laxDigit(byte: number): number {
  const digit = hexDigit[byte] ?? -1
  if (digit >= 0) return digit
  return byte >= 0x41 ? (byte & 0xdf) - 0x41 + 10 : byte - 0x30
}
