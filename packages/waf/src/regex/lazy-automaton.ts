import type { Automaton } from './build-automaton.ts'
import type { BytePartition } from './byte-partition.ts'
import { partitionBytes } from './byte-partition.ts'
import { wordBytes } from './named-classes.ts'
import type { Assertion } from './syntax-tree.ts'

/** What stands beside a place in the text, as far as assertions ask. */
type Neighbour = 'edge' | 'word' | 'newline' | 'other'

/** A set of the automaton's states, all reached by the text read so far. */
interface DerivedState {
  readonly reached: readonly number[]
  readonly before: Neighbour
  /** Whether a match ends where the text ends; unknown until asked. */
  matchesAtEnd: boolean | undefined
}

/** The states that one byte leads to, or a match. */
type Move = readonly number[] | 'match'

const matched = 0
const initial = 1
const unknown = -1
const mostTableEntries = 1 << 14
const mostReached = 1 << 15
const mostRestarts = 3

/**
 * Tells in one pass, at the price of a table look-up a byte, whether an automaton finds a match anywhere in a text.
 * Its deterministic states are made when a text first leads to them, and thrown away when they become too many.
 */
export class LazyAutomaton {
  readonly #automaton: Automaton
  readonly #partition: BytePartition
  readonly #neighbours: readonly Neighbour[]
  readonly #width: number
  readonly #fresh = new Map<string, Move>()
  /** When each state was last seen by the walk under way. */
  readonly #seen: Uint32Array
  #walk = 0
  #states: DerivedState[] = []
  #numbers = new Map<string, number>()
  #table = new Int32Array(0)
  #reached = 0

  constructor(automaton: Automaton) {
    this.#automaton = automaton
    this.#partition = partitionBytes(
      automaton.states.flatMap((state) => (state.kind === 'bytes' ? [state.bytes] : [])),
    )
    this.#neighbours = this.#partition.members.map(neighbourOf)
    this.#width = this.#partition.members.length
    this.#seen = new Uint32Array(automaton.states.length)
    this.#restart()
  }

  /**
   * Where the match ends that ends first, or -1 where there is none; `undefined`, which is neither, where the text
   * needs more states than may be kept.
   */
  endOfMatch(text: string): number | undefined {
    const { groupOf } = this.#partition
    const width = this.#width
    let state = initial
    let restarts = 0
    for (let at = 0; at < text.length; at++) {
      const entry = state * width + (groupOf[text.charCodeAt(at) & 0xff] ?? 0)
      const known = this.#table[entry] ?? unknown
      if (known > matched) {
        state = known
        continue
      }
      if (known === matched) return at
      if (this.#isFull()) {
        if (++restarts > mostRestarts) return undefined
        state = this.#restartAt(state)
      }
      state = this.#derive(state, groupOf[text.charCodeAt(at) & 0xff] ?? 0)
      if (state === matched) return at
    }
    return this.#matchesAtEnd(state) ? text.length : -1
  }

  /** The groups of bytes that it tells apart. */
  get partition(): BytePartition {
    return this.#partition
  }

  /** The state before a text; it and what `step` gives are for walks of several automata together. */
  get start(): number {
    return initial
  }

  /** The state after one more byte. A match that was found stays found. States are kept, so the caller bounds how many it asks for. */
  step(state: number, byte: number): number {
    if (state === matched) return matched
    const group = this.#partition.groupOf[byte] ?? 0
    const known = this.#table[state * this.#width + group] ?? unknown
    return known === unknown ? this.#derive(state, group) : known
  }

  /** Whether a match was found, or ends where the text does. */
  isMatchAtEnd(state: number): boolean {
    return state === matched || this.#matchesAtEnd(state)
  }

  /** Whether no text that goes on from here holds a match: it must have begun at the text's start, and did not. */
  isDead(state: number): boolean {
    // Without states under way there are as many different states as neighbours, and each is looked at.
    const waiting = [state]
    for (const each of waiting) {
      if (each === initial || this.isMatchAtEnd(each) || (this.#states[each]?.reached.length ?? 0) > 0)
        return false
      for (const byte of this.#partition.members) {
        const next = this.step(each, byte)
        if (!waiting.includes(next)) waiting.push(next)
      }
    }
    return true
  }

  #derive(from: number, group: number): number {
    const { reached, before } = this.#states[from] ?? none
    const move = this.#move(reached, before, group)
    const number = move === 'match' ? matched : this.#numberOf(move, this.#neighbours[group] ?? 'other')
    this.#table[from * this.#width + group] = number
    return number
  }

  /** A match may begin anywhere, so every move is also made from the automaton's start. */
  #move(reached: readonly number[], before: Neighbour, group: number): Move {
    const fresh = this.#freshMove(before, group)
    if (fresh === 'match' || reached.length === 0) return fresh
    const targets = new Set(fresh)
    return this.#walkFrom(reached, before, group, targets) ? 'match' : [...targets].toSorted(ascending)
  }

  #freshMove(before: Neighbour, group: number): Move {
    const key = `${before}${group}`
    const known = this.#fresh.get(key)
    if (known !== undefined) return known
    const targets = new Set<number>()
    const found = this.#walkFrom([this.#automaton.start], before, group, targets)
    const move = found ? 'match' : [...targets].toSorted(ascending)
    this.#fresh.set(key, move)
    return move
  }

  /** Collects where a byte of the group leads from the states; true where the match is reached before that byte. */
  #walkFrom(
    from: readonly number[],
    before: Neighbour,
    group: number | undefined,
    targets: Set<number>,
  ): boolean {
    const after = group === undefined ? 'edge' : (this.#neighbours[group] ?? 'other')
    const byte = group === undefined ? -1 : (this.#partition.members[group] ?? 0)
    const walk = this.#beginWalk()
    const waiting = [...from]
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (this.#seen[number] === walk) continue
      this.#seen[number] = walk
      const state = this.#automaton.states[number]
      if (state === undefined) continue
      if (state.kind === 'match') return true
      if (state.kind === 'fork') waiting.push(...state.nexts)
      else if (state.kind === 'assertion') {
        if (assertionHolds(state.assertion, before, after)) waiting.push(state.next)
      } else if (byte >= 0 && state.bytes.has(byte)) targets.add(state.next)
    }
    return false
  }

  #beginWalk(): number {
    if (this.#walk === 0xffff_ffff) {
      this.#seen.fill(0)
      this.#walk = 0
    }
    return ++this.#walk
  }

  #matchesAtEnd(number: number): boolean {
    const state = this.#states[number] ?? none
    state.matchesAtEnd ??= this.#walkFrom(
      [this.#automaton.start, ...state.reached],
      state.before,
      undefined,
      new Set(),
    )
    return state.matchesAtEnd
  }

  #numberOf(reached: readonly number[], before: Neighbour): number {
    const key = `${before}${reached.join()}`
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#states.push({ reached, before, matchesAtEnd: undefined }) - 1
    this.#numbers.set(key, number)
    this.#reached += reached.length
    this.#growTable()
    return number
  }

  #growTable(): void {
    const needed = this.#states.length * this.#width
    if (needed <= this.#table.length) return
    const grown = new Int32Array(Math.max(needed * 2, 8 * this.#width)).fill(unknown)
    grown.set(this.#table)
    this.#table = grown
  }

  #isFull(): boolean {
    return this.#states.length * this.#width > mostTableEntries || this.#reached > mostReached
  }

  #restart(): void {
    this.#states = [none]
    this.#numbers = new Map()
    this.#table = new Int32Array(0)
    this.#reached = 0
    this.#numberOf([], 'edge')
  }

  #restartAt(number: number): number {
    const { reached, before } = this.#states[number] ?? none
    this.#restart()
    return this.#numberOf(reached, before)
  }
}

const none: DerivedState = { reached: [], before: 'edge', matchesAtEnd: undefined }

function neighbourOf(byte: number): Neighbour {
  if (wordBytes.has(byte)) return 'word'
  return byte === 0x0a ? 'newline' : 'other'
}

function assertionHolds(assertion: Assertion, before: Neighbour, after: Neighbour): boolean {
  switch (assertion) {
    case 'start':
      return before === 'edge'
    case 'end':
      return after === 'edge'
    case 'line-start':
      return before === 'edge' || before === 'newline'
    case 'line-end':
      return after === 'edge' || after === 'newline'
    case 'word-boundary':
      return (before === 'word') !== (after === 'word')
    case 'no-word-boundary':
      return (before === 'word') === (after === 'word')
  }
}

function ascending(left: number, right: number): number {
  return left - right
}
