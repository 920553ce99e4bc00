/** What a key is, besides a key. */
export type KeyKind = 'plain' | 'duplicate' | 'proto' | 'prototype' | 'constructor'

/**
 * The keys of the objects that are open at one place of a JSON text, as slices of its bytes. Few keys are compared
 * one by one, without making a string; many, or escaped ones, by a set, so that the time stays linear.
 */
export class KeyRing {
  readonly #bytes: Buffer
  /** Starts and ends of all open objects' keys, the innermost last. */
  readonly #slices: number[] = []
  /** The keys of those open objects that have many, by where their slices begin. */
  #sets: Map<number, Set<string>> | undefined
  #base = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** Begins an object within the current one; give what it returns to `close`. */
  open(): number {
    const outer = this.#base
    this.#base = this.#slices.length
    return outer
  }

  /** Ends the innermost object. */
  close(outer: number): void {
    this.#sets?.delete(this.#base)
    this.#slices.length = this.#base
    this.#base = outer
  }

  /** Adds a key of the innermost object: the bytes from `start` to before `end`, without quotes. */
  add(start: number, end: number, escaped: boolean): KeyKind {
    const set = this.#sets?.get(this.#base)
    const isCompared = set === undefined && !escaped && this.#slices.length - this.#base < comparedKeys * 2
    if (!isCompared) return this.#addToSet(set ?? this.#makeSet(), start, end, escaped)
    if (this.#holds(start, end)) return 'duplicate'
    this.#slices.push(start, end)
    return this.#kindOf(start, end)
  }

  #holds(start: number, end: number): boolean {
    const slices = this.#slices
    for (let index = this.#base; index < slices.length; index += 2) {
      const other = slices[index] as number
      if ((slices[index + 1] as number) - other === end - start && this.#isSame(other, start, end))
        return true
    }
    return false
  }

  #isSame(other: number, start: number, end: number): boolean {
    const bytes = this.#bytes
    for (let at = start; at < end; at++) if (bytes[at] !== bytes[other + at - start]) return false
    return true
  }

  #kindOf(start: number, end: number): KeyKind {
    const length = end - start
    // All the names that matter have 9 or 11 letters.
    if (length !== 9 && length !== 11) return 'plain'
    const first = this.#bytes[start]
    if (first !== 0x5f && first !== 0x70 && first !== 0x63) return 'plain'
    return kindOfName(this.#bytes.toString('latin1', start, end))
  }

  #makeSet(): Set<string> {
    const set = new Set<string>()
    for (let index = this.#base; index < this.#slices.length; index += 2) {
      set.add(this.#bytes.toString('utf8', this.#slices[index], this.#slices[index + 1]))
    }
    this.#sets ??= new Map()
    this.#sets.set(this.#base, set)
    return set
  }

  #addToSet(set: Set<string>, start: number, end: number, escaped: boolean): KeyKind {
    const key = escaped
      ? String(JSON.parse(this.#bytes.toString('utf8', start - 1, end + 1)))
      : this.#bytes.toString('utf8', start, end)
    // Also where a set knows them, so that an object inside this one begins at a place of its own.
    this.#slices.push(start, end)
    const size = set.size
    if (set.add(key).size === size) return 'duplicate'
    return kindOfName(key)
  }
}

const comparedKeys = 16

function kindOfName(key: string): KeyKind {
  if (key === '__proto__') return 'proto'
  return key === 'prototype' || key === 'constructor' ? key : 'plain'
}
