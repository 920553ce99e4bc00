import { scratchBytesOf } from '../language/scratch-bytes.ts'
import type { Automaton } from './build-automaton.ts'
import type { BytePartition } from './byte-partition.ts'
import { FollowTable } from './follow-table.ts'
import { TransitionTable, dead, initial, matched, stateOf, unknown } from './transition-table.ts'

/** Most members of new states that a walk for captures may take. */
const mostWork = 4_000

/**
 * Tells in one pass, at the price of a table look-up a byte, where an automaton finds a match in a text: every byte costs at most
 * a step of all states of the automaton, whatever the text.
 */
export class LazyAutomaton {
  readonly #table: TransitionTable
  /** Where the last walk came to. */
  #state = initial

  /** @param inOrder whether it goes as backtracking does, and drops what that would try after a match: for `endOfMatchFrom` alone */
  constructor(follows: FollowTable, inOrder = false) {
    this.#table = new TransitionTable(follows, inOrder)
  }

  static of(automaton: Automaton): LazyAutomaton {
    return new LazyAutomaton(new FollowTable(automaton))
  }

  /** Where the match ends that ends first, or -1 where there is none. */
  endOfMatch(text: string): number {
    const { length } = text
    const end = this.#walk(scratchBytesOf(text), length)
    if (end !== -1) return end
    return this.#table.matchesAtEnd(this.#state) ? length : -1
  }

  /** Walks up to a place and notes the state there, if no match ended before; answers where one did, or -1. */
  #walk(bytes: Uint8Array, until: number): number {
    const table = this.#table
    const { width } = table
    const { groupOf } = table.partition
    let { entries } = table
    let state = initial
    for (let at = 0; at < until; at++) {
      const group = groupOf[bytes[at] as number] as number
      let entry = entries[Math.imul(state, width) + group] as number
      if (entry < 0) {
        if (entry === unknown) {
          entry = table.derive(state, group)
          ;({ entries } = table)
        }
        if (entry < 0) return at
      }
      state = entry
    }
    this.#state = state
    return -1
  }

  /** Where the match ends that ends first of those that begin before a place, or -1 where there is none. */
  endOfMatchBegunBefore(text: string, place: number): number {
    const table = this.#table
    const { groupOf } = table.partition
    const { length } = text
    const bytes = scratchBytesOf(text)
    const until = Math.min(place, length)
    const end = this.#walk(bytes, until)
    if (end !== -1) return end
    let state = table.close(this.#state)
    for (let at = until; at < length && state !== dead; at++) {
      const entry = table.entryOf(state, groupOf[bytes[at] as number] as number)
      if (entry < 0) return at
      state = entry
    }
    return table.matchesAtEnd(state) ? length : -1
  }

  /**
   * For the automaton of a reversed expression: the first place from which the expression matches up to `end`, read from there
   * towards the beginning. Where that takes too long to know, the first place that was seen, or -1.
   */
  startOfMatchUpTo(text: string, end: number): number {
    const table = this.#table
    const { groupOf } = table.partition
    const bytes = scratchBytesOf(text)
    let state = table.alone(end < text.length ? groupOf[bytes[end] as number] : undefined)
    let first = -1
    const limit = table.work + mostWork
    for (let at = end - 1; at >= 0 && state !== dead; at--) {
      if (table.work > limit) return first
      const entry = table.entryOf(state, groupOf[bytes[at] as number] as number)
      if (entry < 0) first = at + 1
      state = stateOf(entry)
    }
    return table.matchesAtEnd(state) ? 0 : first
  }

  /** Where the longest match ends of those that begin at a place where one does; the text's end where that takes too long to know. */
  endOfLongestMatchFrom(text: string, start: number): number {
    return this.#walkFrom(text, start, this.#table.work + mostWork) ?? text.length
  }

  /** In order: where the match ends that backtracking would find of those that begin at a place where one does. */
  endOfMatchFrom(text: string, start: number): number {
    return this.#walkFrom(text, start, Number.POSITIVE_INFINITY) ?? text.length
  }

  #walkFrom(text: string, start: number, limit: number): number | undefined {
    const table = this.#table
    const { groupOf } = table.partition
    const { length } = text
    const bytes = scratchBytesOf(text)
    let state = table.alone(start === 0 ? undefined : groupOf[bytes[start - 1] as number])
    let last = start
    for (let at = start; at < length && state !== dead; at++) {
      if (table.work > limit) return undefined
      const entry = table.entryOf(state, groupOf[bytes[at] as number] as number)
      if (entry < 0) last = at
      state = stateOf(entry)
    }
    return table.matchesAtEnd(state) ? length : last
  }

  /** For walks of several automata side by side. */
  get table(): TransitionTable {
    return this.#table
  }

  /** The groups of bytes that it tells apart. */
  get partition(): BytePartition {
    return this.#table.partition
  }

  /** The state before a text; it and what `step` gives are for walks of several automata together. */
  get start(): number {
    return initial
  }

  /** The state after one more byte. A match that was found stays found. States are kept, so the caller bounds how many it asks for. */
  step(state: number, byte: number): number {
    const table = this.#table
    if (state === matched) return state
    const entry = table.keptEntryOf(state, table.partition.groupOf[byte] as number)
    return entry < 0 ? matched : entry
  }

  /** Whether a match was found, or ends where the text does. */
  isMatchAtEnd(state: number): boolean {
    return state === matched || this.#table.matchesAtEnd(state)
  }

  /** Whether no text that goes on from here holds a match: it must have begun at the text's start, and did not. */
  isDead(state: number): boolean {
    // Without states under way there are as many different states as neighbours, and each is looked at.
    const waiting = [state]
    for (const each of waiting) {
      if (each === this.start || this.isMatchAtEnd(each)) return false
      if (this.#table.isUnderWay(each)) return false
      for (const byte of this.partition.members) {
        const next = this.step(each, byte)
        if (!waiting.includes(next)) waiting.push(next)
      }
    }
    return true
  }

  /** Gives a large table back. */
  shrink(): void {
    this.#table.shrink()
  }
}
