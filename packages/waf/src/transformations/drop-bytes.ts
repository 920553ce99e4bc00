import type { ByteString } from '../language/bytes.ts'
import { copyInto, scratch, written } from './scratch.ts'
import type { Transformation } from './transformation.ts'

/** A transformation that leaves out every byte whose entry in `dropped` is 1. */
export function dropBytes(dropped: Uint8Array): Transformation {
  return (input) => dropWith(dropped, input)
}

function dropWith(dropped: Uint8Array, input: ByteString): ByteString {
  let index = 0
  while (index < input.length && dropped[input.charCodeAt(index)] === 0) index += 1
  if (index === input.length) return input
  const output = scratch(input.length)
  copyInto(output, 0, input, 0, index)
  let length = index
  for (; index < input.length; index += 1) {
    const byte = input.charCodeAt(index)
    if (dropped[byte] === 1) continue
    output[length] = byte
    length += 1
  }
  return written(output, length)
}
