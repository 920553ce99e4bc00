import { ByteClass } from './byte-class.ts'
import { wordBytes } from './named-classes.ts'

/** The bytes in groups that no class of an expression tells apart. */
export interface BytePartition {
  /** The group of each byte. */
  readonly groupOf: Uint8Array
  /** One byte of each group. */
  readonly members: readonly number[]
}

/** Groups the bytes by the classes given, and by what the assertions ask: word bytes and line feeds. */
export function partitionBytes(classes: Iterable<ByteClass>): BytePartition {
  const groupOf = new Uint8Array(256)
  for (const bytes of distinct([wordBytes, lineFeed, ...classes])) split(groupOf, bytes)
  const members: number[] = []
  for (const [byte, group] of groupOf.entries()) members[group] ??= byte
  return { groupOf, members }
}

/** Classes of the same bytes are often one object, whose bytes then need not be compared. */
function distinct(classes: readonly ByteClass[]): Iterable<ByteClass> {
  return new Map([...new Set(classes)].map((bytes) => [bytes.key, bytes])).values()
}

/** Parts every group into the bytes that are in a class and those that are not. */
function split(groupOf: Uint8Array, bytes: ByteClass): void {
  const numbers = new Int16Array(512).fill(-1)
  let next = 0
  for (let byte = 0; byte < 256; byte++) {
    const part = (groupOf[byte] ?? 0) * 2 + (bytes.has(byte) ? 1 : 0)
    if (numbers[part] === -1) numbers[part] = next++
    groupOf[byte] = numbers[part] ?? 0
  }
}

const lineFeed = ByteClass.ofText('\n')
