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
  const distinct = new Map<string, ByteClass>()
  for (const bytes of [wordBytes, ByteClass.ofText('\n'), ...classes]) distinct.set(bytes.key, bytes)
  let groups: number[] = Array.from({ length: 256 }, () => 0)
  for (const bytes of distinct.values()) {
    const numbers = new Map<number, number>()
    groups = groups.map((group, byte) => {
      const split = group * 2 + (bytes.has(byte) ? 1 : 0)
      const known = numbers.get(split) ?? numbers.size
      numbers.set(split, known)
      return known
    })
  }
  const members: number[] = []
  for (const [byte, group] of groups.entries()) members[group] ??= byte
  return { groupOf: Uint8Array.from(groups), members }
}
