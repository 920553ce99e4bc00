import type { ByteString } from '../language/bytes.ts'
import { hexNumberAt } from './byte-tables.ts'
import { controlEscape, octalDigits, octalNumber } from './escapes.ts'
import { copyInto, scratch, written } from './scratch.ts'

const backslash = 0x5c

/** `t:escapeSeqDecode`: the escapes of ANSI C, `\n`, `\x3c`, `\074`; a backslash before anything else falls away. */
export function escapeSeqDecode(input: ByteString): ByteString {
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
    const letter = input.charCodeAt(index + 1)
    const hex = letter === 0x78 ? hexNumberAt(input, index + 2, 2) : -1
    const octal = octalDigits(input, index + 1)
    const control = controlEscape[letter] ?? -1
    output[length] =
      hex >= 0 ? hex : octal > 0 ? octalNumber(input, index + 1, octal) : control >= 0 ? control : letter
    index += hex >= 0 ? 4 : octal > 0 ? 1 + octal : 2
  }
  return written(output, length)
}
