import type { ByteString } from '../language/bytes.ts'
import type { PhraseTrie } from './phrase-trie.ts'
import { buildTrie, childOf } from './phrase-trie.ts'

/** Entries of full rows that an automaton of its own keeps: 256 KiB. */
const fewEntries = 1 << 16

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
  /** The phrases in lower case, sorted, each once. */
  readonly phrases: readonly string[]
  /** The length of the shortest phrase, 0 where there is none. */
  readonly shortest: number
  readonly #trie: PhraseTrie
  readonly #classes: Uint8Array
  readonly #width: number
  readonly #rows: Int32Array

  /** @param denseEntries how many entries full rows may have, of four bytes each: more of them make it faster */
  constructor(phrases: readonly ByteString[], denseEntries = fewEntries) {
    const folded = [...new Set(phrases.map(foldCase))].filter((phrase) => phrase !== '').sort(byCodeUnit)
    this.phrases = folded
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

  /** Tells the number in `phrases` of each phrase that is in the value, as often as it ends somewhere. */
  forEach(value: ByteString, tell: (phrase: number) => void): void {
    if (this.shortest === 0 || value.length < this.shortest) return
    const rows = this.#rows
    const classes = this.#classes
    let place = 0
    for (let index = 0; index < value.length; index += 1) {
      const byte = value.charCodeAt(index)
      place = place < rows.length ? (rows[place + (classes[byte] ?? 0)] ?? 0) : this.#leaveSparse(place, byte)
      if (place >= 0) continue
      place = -place
      this.#tellAt(place / this.#width, tell)
    }
  }

  /** Each phrase that ends in a state: its own, and those of the states that it falls back to. */
  #tellAt(from: number, tell: (phrase: number) => void): void {
    const { fail, matchLength, phrase } = this.#trie
    for (let state = from; (matchLength[state] ?? 0) > 0; state = fail[state] ?? 0) {
      const own = phrase[state] ?? -1
      if (own >= 0) tell(own)
    }
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
