import type { ByteString } from '../language/bytes.ts'
import { copyInto, scratch, written } from './scratch.ts'

const digits = Buffer.from('0123456789abcdef', 'latin1')
const isKept = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9*]/.test(String.fromCharCode(byte)) ? 1 : 0,
)

/** `t:urlEncode`: letters, digits and `*` stay, a space becomes `+`, every other byte `%hh`. */
export function urlEncode(input: ByteString): ByteString {
  let index = 0
  while (index < input.length && isKept[input.charCodeAt(index)] === 1) index += 1
  if (index === input.length) return input
  const output = scratch(input.length * 3)
  copyInto(output, 0, input, 0, index)
  let length = index
  for (; index < input.length; index += 1) {
    const byte = input.charCodeAt(index)
    if (isKept[byte] === 1 || byte === 0x20) {
      output[length] = byte === 0x20 ? 0x2b : byte
      length += 1
      continue
    }
    output[length] = 0x25
    output[length + 1] = digits[byte >> 4] ?? 0
    output[length + 2] = digits[byte & 15] ?? 0
    length += 3
  }
  return written(output, length)
}
