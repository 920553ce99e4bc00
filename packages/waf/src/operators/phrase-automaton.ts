import type { ByteString } from '../language/bytes.ts'

const denseEntries = 1 << 16

/** Where a phrase was found, from `start` up to `end`. */
export interface PhraseMatch {
  readonly start: number
  readonly end: number
}

/**
 * Finds any of many phrases in a value, A to Z the same as a to z, in one pass whatever the phrases are (Aho and Corasick 1975).
 *
 * States are numbered by breadth, so that the children of a state stand side by side and are told by their first number alone,
 * and the states near the root, where almost all the time is spent, are the lowest numbers: those have a full row of
 * transitions, all others only their children and the state to fall back to. A place in the automaton is the offset of its
 * state's row, below zero where a phrase ends there.
 */
export class PhraseAutomaton {
  /** The length of the shortest phrase, 0 where there is none. */
  readonly shortest: number
  readonly #trie: Trie
  readonly #classes: Uint8Array
  readonly #width: number
  readonly #rows: Int32Array

  constructor(phrases: readonly ByteString[]) {
    const folded = [...new Set(phrases.map(foldCase))].filter((phrase) => phrase !== '').sort(byCodeUnit)
    const longest = folded.reduce((length, phrase) => Math.max(length, phrase.length), 0)
    this.shortest = folded.reduce((length, phrase) => Math.min(length, phrase.length), longest)
    this.#trie = buildTrie(folded)
    this.#classes = byteClasses(this.#trie.label.subarray(1, this.#trie.count))
    this.#width = Math.max(...this.#classes) + 1
    const count = Math.min(this.#trie.count, Math.ceil(denseEntries / this.#width))
    this.#rows = new Int32Array(count * this.#width)
    for (let state = 0; state < count; state += 1) this.#fillRow(state)
  }

  /** The phrase whose end comes first, the longest of those that end there; undefined where no phrase is in the value. */
  find(value: ByteString): PhraseMatch | undefined {
    if (this.shortest === 0 || value.length < this.shortest) return undefined
    const rows = this.#rows
    const classes = this.#classes
    let place = 0
    for (let index = 0; index < value.length; index += 1) {
      const byte = value.charCodeAt(index)
      place = place < rows.length ? (rows[place + (classes[byte] ?? 0)] ?? 0) : this.#leaveSparse(place, byte)
      if (place < 0) return this.#matchAt(-place, index + 1)
    }
    return undefined
  }

  #matchAt(place: number, end: number): PhraseMatch {
    const length = this.#trie.matchLength[place / this.#width] ?? 0
    return { start: end - length, end }
  }

  /** Where a byte leads from a state that has no row: to its child, or where the states lead that it falls back to. */
  #leaveSparse(place: number, byte: number): number {
    let state = place / this.#width
    while (state * this.#width >= this.#rows.length) {
      const child = childOf(this.#trie, state, foldByte(byte))
      if (child > 0) return this.#placeOf(child)
      state = this.#trie.fail[state] ?? 0
    }
    return this.#rows[state * this.#width + (this.#classes[byte] ?? 0)] ?? 0
  }

  #fillRow(state: number): void {
    const { fail, firstChild, label } = this.#trie
    const row = state * this.#width
    const fallback = (fail[state] ?? 0) * this.#width
    // Falling back leads to a lower number, whose row is filled; from the root every byte without a child stays there.
    if (state > 0) this.#rows.copyWithin(row, fallback, fallback + this.#width)
    for (let child = firstChild[state] ?? 0; child < (firstChild[state + 1] ?? 0); child += 1) {
      this.#rows[row + (this.#classes[label[child] ?? 0] ?? 0)] = this.#placeOf(child)
    }
  }

  #placeOf(state: number): number {
    const place = state * this.#width
    return (this.#trie.matchLength[state] ?? 0) > 0 ? -place : place
  }
}

interface Trie {
  /** How many states there are. */
  readonly count: number
  /** The number of each state's first child; the children end where the next state's begin. */
  readonly firstChild: Int32Array
  /** The byte that leads to each state. */
  readonly label: Uint8Array
  /** The state of the longest proper suffix that is a state too. */
  readonly fail: Int32Array
  /** The length of the longest phrase that ends in each state, 0 where none does. */
  readonly matchLength: Uint16Array
}

/** Builds the states from sorted phrases: one is a depth and the run of phrases that share their beginning so far. */
function buildTrie(phrases: readonly string[]): Trie {
  const size = phrases.reduce((sum, phrase) => sum + phrase.length, 1)
  const low = new Int32Array(size)
  const high = new Int32Array(size)
  const depth = new Uint16Array(size)
  const trie = {
    count: 1,
    firstChild: new Int32Array(size + 1),
    label: new Uint8Array(size),
    fail: new Int32Array(size),
    matchLength: new Uint16Array(size),
  }
  high[0] = phrases.length
  for (let state = 0; state < trie.count; state += 1) {
    trie.firstChild[state] = trie.count
    const at = depth[state] ?? 0
    const end = high[state] ?? 0
    let first = low[state] ?? 0
    if (phrases[first]?.length === at && at > 0) first += 1
    while (first < end) {
      const byte = phrases[first]?.charCodeAt(at) ?? 0
      let last = first + 1
      while (last < end && phrases[last]?.charCodeAt(at) === byte) last += 1
      const child = trie.count
      trie.count += 1
      low[child] = first
      high[child] = last
      depth[child] = at + 1
      trie.label[child] = byte
      first = last
    }
    trie.firstChild[state + 1] = trie.count
    linkChildren(trie, state, (child) => (phrases[low[child] ?? 0]?.length === at + 1 ? at + 1 : 0))
  }
  return trie
}

/** Gives the children of a state where they fall back to: all states nearer to the root are linked by then. */
function linkChildren(trie: Trie, state: number, ownLength: (child: number) => number): void {
  for (let child = trie.firstChild[state] ?? 0; child < (trie.firstChild[state + 1] ?? 0); child += 1) {
    const byte = trie.label[child] ?? 0
    let fallback = state
    let target = 0
    while (fallback > 0 && target === 0) {
      fallback = trie.fail[fallback] ?? 0
      target = childOf(trie, fallback, byte)
    }
    trie.fail[child] = target
    trie.matchLength[child] = ownLength(child) || (trie.matchLength[target] ?? 0)
  }
}

/** The child that a byte leads to, 0 where none does; children stand in the order of their bytes. */
function childOf(trie: Trie, state: number, byte: number): number {
  let low = trie.firstChild[state] ?? 0
  let high = (trie.firstChild[state + 1] ?? 0) - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const label = trie.label[middle] ?? 0
    if (label === byte) return middle
    if (label < byte) low = middle + 1
    else high = middle - 1
  }
  return 0
}

/** A small number for each byte that phrases have, 0 for all others; both cases of a letter have the same one. */
function byteClasses(labels: Uint8Array): Uint8Array {
  const used = [...new Set(labels)]
  const ofFolded = new Map(used.map((byte, index) => [byte, index + 1]))
  return Uint8Array.from({ length: 256 }, (_, byte) => ofFolded.get(foldByte(byte)) ?? 0)
}

function foldCase(phrase: ByteString): string {
  return phrase.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function foldByte(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
