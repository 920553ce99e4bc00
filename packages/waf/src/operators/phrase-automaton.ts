import type { ByteString } from '../language/bytes.ts'
import { scratchBytesOf } from '../language/scratch-bytes.ts'
import type { PhraseTrie } from './phrase-trie.ts'
import { buildTrie, childOf } from './phrase-trie.ts'

/** Entries of full rows that an automaton of its own keeps: 256 KiB. */
const fewEntries = 1 << 16

/** Values of this length and more are walked over in parts. */
const worthParting = 512

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
 * transitions, all others only their children and the state to fall back to. Where a phrase ends in a state, transitions to it
 * are below zero.
 */
export class PhraseAutomaton {
  /** The phrases in lower case, sorted, each once. */
  readonly phrases: readonly string[]
  /** The length of the shortest phrase, 0 where there is none. */
  readonly shortest: number
  readonly #longest: number
  readonly #trie: PhraseTrie
  readonly #classes: Uint8Array
  readonly #width: number
  readonly #rows: Int16Array | Int32Array
  /** How many states have a row. */
  readonly #dense: number
  /** By state: in which pass its phrases were told last. */
  readonly #told: Uint32Array
  #pass = 0

  /** @param denseEntries how many entries full rows may have, of four bytes each: more of them make it faster */
  constructor(phrases: readonly ByteString[], denseEntries = fewEntries) {
    const folded = [...new Set(phrases.map(foldCase))].filter((phrase) => phrase !== '').sort(byCodeUnit)
    this.phrases = folded
    const longest = folded.reduce((length, phrase) => Math.max(length, phrase.length), 0)
    this.#longest = longest
    this.shortest = folded.reduce((length, phrase) => Math.min(length, phrase.length), longest)
    this.#trie = buildTrie(folded)
    this.#told = new Uint32Array(this.#trie.count)
    this.#classes = byteClasses(this.#trie.label.subarray(1, this.#trie.count))
    this.#width = Math.max(...this.#classes) + 1
    this.#dense = Math.min(this.#trie.count, Math.ceil(denseEntries / this.#width))
    const entries = this.#dense * this.#width
    // The less memory, the more of it stays near the processor.
    this.#rows = this.#trie.count <= 0x7fff ? new Int16Array(entries) : new Int32Array(entries)
    for (let state = 0; state < this.#dense; state += 1) this.#fillRow(state)
  }

  /** The phrase whose end comes first, the longest of those that end there; undefined where no phrase is in the value. */
  find(value: ByteString): PhraseMatch | undefined {
    const { length } = value
    if (this.shortest === 0 || length < this.shortest) return undefined
    const bytes = scratchBytesOf(value)
    const rows = this.#rows
    const classes = this.#classes
    const width = this.#width
    const dense = this.#dense
    let state = 0
    for (let index = 0; index < length; index += 1) {
      const byte = bytes[index] ?? 0
      state =
        state < dense ? (rows[state * width + (classes[byte] ?? 0)] ?? 0) : this.#leaveSparse(state, byte)
      if (state < 0) return this.#matchAt(-state, index + 1)
    }
    return undefined
  }

  /** Tells the number in `phrases` of each phrase that is in the value, once. */
  forEach(value: ByteString, tell: (phrase: number) => void): void {
    if (++this.#pass === 0xffff_ffff) {
      this.#told.fill(0)
      this.#pass = 1
    }
    const { length } = value
    if (this.shortest === 0 || length < this.shortest) return
    const bytes = scratchBytesOf(value)
    if (length >= worthParting && this.#longest < worthParting / 8 && this.#dense === this.#trie.count)
      this.#walkParts(bytes, length, tell)
    else this.#walk(bytes, length, tell)
  }

  #walk(bytes: Uint8Array, length: number, tell: (phrase: number) => void): void {
    const rows = this.#rows
    const classes = this.#classes
    const width = this.#width
    const dense = this.#dense
    const told = this.#told
    const pass = this.#pass
    let state = 0
    for (let index = 0; index < length; index += 1) {
      const byte = bytes[index] ?? 0
      state =
        state < dense ? (rows[state * width + (classes[byte] ?? 0)] ?? 0) : this.#leaveSparse(state, byte)
      if (state >= 0) continue
      state = -state
      if (told[state] !== pass) this.#tellAt(state, tell)
    }
  }

  /**
   * Walks over four parts of a value at a time: each step waits for the memory that the one before has told where to look, but not for
   * those in other parts. A part begins as far within the one before as the longest phrase is long.
   */
  #walkParts(bytes: Uint8Array, length: number, tell: (phrase: number) => void): void {
    const rows = this.#rows
    const classes = this.#classes
    const width = this.#width
    const quarter = Math.ceil(length / 4)
    const steps = quarter + this.#longest
    const beginB = quarter - this.#longest
    const beginC = beginB + quarter
    const beginD = length - steps
    let [stateA, stateB, stateC, stateD] = [0, 0, 0, 0]
    for (let step = 0; step < steps; step += 1) {
      stateA = rows[Math.imul(stateA, width) + (classes[bytes[step] ?? 0] ?? 0)] ?? 0
      stateB = rows[Math.imul(stateB, width) + (classes[bytes[beginB + step] ?? 0] ?? 0)] ?? 0
      stateC = rows[Math.imul(stateC, width) + (classes[bytes[beginC + step] ?? 0] ?? 0)] ?? 0
      stateD = rows[Math.imul(stateD, width) + (classes[bytes[beginD + step] ?? 0] ?? 0)] ?? 0
      if ((stateA | stateB | stateC | stateD) >= 0) continue
      if (stateA < 0) this.#tellAt((stateA = -stateA), tell)
      if (stateB < 0) this.#tellAt((stateB = -stateB), tell)
      if (stateC < 0) this.#tellAt((stateC = -stateC), tell)
      if (stateD < 0) this.#tellAt((stateD = -stateD), tell)
    }
  }

  /** Each phrase that ends in a state: its own, and those of the states that it falls back to; nothing where they were told. */
  #tellAt(from: number, tell: (phrase: number) => void): void {
    const { fail, matchLength, phrase } = this.#trie
    const told = this.#told
    for (
      let state = from;
      (matchLength[state] ?? 0) > 0 && told[state] !== this.#pass;
      state = fail[state] ?? 0
    ) {
      told[state] = this.#pass
      const own = phrase[state] ?? -1
      if (own >= 0) tell(own)
    }
  }

  #matchAt(state: number, end: number): PhraseMatch {
    const length = this.#trie.matchLength[state] ?? 0
    return { start: end - length, end }
  }

  /** Where a byte leads from a state that has no row: to its child, or where the states lead that it falls back to. */
  #leaveSparse(from: number, byte: number): number {
    let state = from
    while (state >= this.#dense) {
      const child = childOf(this.#trie, state, foldByte(byte))
      if (child > 0) return this.#entryOf(child)
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
      this.#rows[row + (this.#classes[label[child] ?? 0] ?? 0)] = this.#entryOf(child)
    }
  }

  #entryOf(state: number): number {
    return (this.#trie.matchLength[state] ?? 0) > 0 ? -state : state
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
