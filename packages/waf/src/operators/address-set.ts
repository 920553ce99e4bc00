import type { AddressKey } from './address.ts'
import { parseAddress, unmappedAddress } from './address.ts'

/** A run of addresses of one family. */
export interface AddressRange {
  readonly low: AddressKey
  readonly high: AddressKey
}

/** Any number of address ranges, asked in the time of a binary search. */
export class AddressSet {
  readonly #v4: readonly AddressRange[]
  readonly #v6: readonly AddressRange[]

  constructor(ranges: readonly AddressRange[]) {
    this.#v4 = merged(ranges.filter((range) => range.low.length === 2))
    this.#v6 = merged(ranges.filter((range) => range.low.length === 8))
  }

  /** Whether a text is an address of the set. An IPv4-mapped one is in it as either of its two forms. */
  has(text: string): boolean {
    const key = parseAddress(text)
    if (key === undefined) return false
    if (key.length === 2) return isWithin(this.#v4, key)
    const unmapped = unmappedAddress(key)
    return isWithin(this.#v6, key) || (unmapped !== undefined && isWithin(this.#v4, unmapped))
  }
}

function merged(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const sorted = ranges.toSorted((left, right) => (left.low < right.low ? -1 : left.low > right.low ? 1 : 0))
  const result: AddressRange[] = []
  for (const range of sorted) {
    const last = result.at(-1)
    if (last === undefined || range.low > last.high) result.push(range)
    else if (range.high > last.high) result[result.length - 1] = { low: last.low, high: range.high }
  }
  return result
}

function isWithin(ranges: readonly AddressRange[], key: AddressKey): boolean {
  let low = 0
  let high = ranges.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const range = ranges[middle]
    if (range === undefined) return false
    if (key < range.low) high = middle - 1
    else if (key > range.high) low = middle + 1
    else return true
  }
  return false
}
