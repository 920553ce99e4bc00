import type { ByteString } from '../language/bytes.ts'
import { copyInto, scratch, written } from './scratch.ts'
import type { Transformation } from './transformation.ts'

/** A transformation that puts for each byte the byte that `replace` gives for it; the table is made once, here. */
export function mapBytes(replace: (byte: number) => number): Transformation {
  const table = Uint8Array.from({ length: 256 }, (_, byte) => replace(byte))
  return (input) => mapWith(table, input)
}

function mapWith(table: Uint8Array, input: ByteString): ByteString {
  const first = firstChange(table, input)
  if (first === input.length) return input
  const output = scratch(input.length)
  copyInto(output, 0, input, 0, input.length)
  for (let index = first; index < input.length; index += 1) output[index] = table[output[index] ?? 0] ?? 0
  return written(output, input.length)
}

function firstChange(table: Uint8Array, input: ByteString): number {
  let index = 0
  while (index < input.length) {
    const byte = input.charCodeAt(index)
    if (table[byte] !== byte) break
    index += 1
  }
  return index
}
