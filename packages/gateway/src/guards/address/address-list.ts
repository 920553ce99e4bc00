import { maskTo, type NumericAddress } from './network.ts'
import type { AddressEntry } from './settings.ts'

interface Level {
  readonly prefix: number
  readonly entries: ReadonlyMap<bigint, AddressEntry>
}

/**
 * A list of networks, found by one look-up for each prefix length that occurs, the narrowest first: the cost does not
 * grow with the number of entries.
 */
export class AddressList {
  readonly #levels: { readonly 4: readonly Level[]; readonly 6: readonly Level[] }

  constructor(entries: readonly AddressEntry[]) {
    this.#levels = { 4: toLevels(entries, 4), 6: toLevels(entries, 6) }
  }

  /** The narrowest entry that holds the address and has not ended at `now` (milliseconds since the Unix epoch). */
  find(address: NumericAddress, now: number): AddressEntry | undefined {
    for (const { prefix, entries } of this.#levels[address.family]) {
      const entry = entries.get(maskTo(address, prefix))
      if (entry !== undefined && (entry.expires === undefined || now < entry.expires)) return entry
    }
    return undefined
  }
}

function toLevels(entries: readonly AddressEntry[], family: 4 | 6): readonly Level[] {
  const levels = new Map<number, Map<bigint, AddressEntry>>()
  for (const entry of entries) {
    const { network } = entry
    if (network.family !== family) continue
    const level = levels.get(network.prefix) ?? new Map<bigint, AddressEntry>()
    levels.set(network.prefix, level)
    const before = level.get(network.value)
    // Listed twice, an address stays listed until the last entry ends.
    if (before === undefined || endOf(entry) > endOf(before)) level.set(network.value, entry)
  }
  return [...levels]
    .map(([prefix, level]) => ({ prefix, entries: level }))
    .toSorted((left, right) => right.prefix - left.prefix)
}

function endOf({ expires }: AddressEntry): number {
  return expires ?? Number.POSITIVE_INFINITY
}
