import type { Automaton } from './build-automaton.ts'
import type { BytePartition } from './byte-partition.ts'
import { partitionBytes } from './byte-partition.ts'
import { DerivedStates } from './derived-states.ts'
import { FollowTable } from './follow-table.ts'
import type { LargeTable } from './large-tables.ts'
import { admitLargeTable } from './large-tables.ts'
import type { Neighbour } from './neighbours.ts'
import { StateSet } from './state-set.ts'

// An entry of the table is the number of a state, and in its lowest bit whether a match ended before the byte.
const unknown = -1
const matched = 0
const initial = 1
/** Not open, and nothing under way. */
const dead = 2

/** Entries of the table, of four bytes each, and as many members of sets: what every automaton may have, and what few at a time. */
const mostEntries = 1 << 15
const mostEntriesOfLarge = 1 << 18

/** Most members of new states that a walk for captures may take. */
const mostWork = 4_000

/**
 * Tells in one pass, at the price of a table look-up a byte, where an automaton finds a match in a text. Its deterministic
 * states are made when a text first leads to them, and forgotten when they become too many: every byte costs at most a step of
 * all states of the automaton, whatever the text.
 */
export class LazyAutomaton implements LargeTable {
  readonly #inOrder: boolean
  readonly #start: number
  readonly #partition: BytePartition
  readonly #follows: FollowTable
  readonly #width: number
  /** The set under way. */
  readonly #set: StateSet
  #states: DerivedStates
  #table = new Int32Array(0)
  #isLarge = false
  /** Members of states that were made, ever. */
  #work = 0

  /** @param inOrder whether it goes as backtracking does, and drops what that would try after a match: for `endOfMatchFrom` alone */
  constructor(automaton: Automaton, inOrder = false) {
    this.#inOrder = inOrder
    this.#states = new DerivedStates(inOrder)
    this.#start = automaton.start
    this.#partition = partitionBytes(
      automaton.states.flatMap((state) => (state.kind === 'bytes' ? [state.bytes] : [])),
    )
    this.#follows = new FollowTable(automaton, this.#partition)
    this.#width = this.#partition.members.length
    this.#set = new StateSet(automaton.states.length)
    this.#restart()
  }

  /** Where the match ends that ends first, or -1 where there is none. */
  endOfMatch(text: string): number {
    const { groupOf } = this.#partition
    const width = this.#width
    let table = this.#table
    let state = initial
    for (let at = 0; at < text.length; at++) {
      const group = groupOf[text.charCodeAt(at) & 0xff] ?? 0
      let entry = table[state * width + group] ?? unknown
      if (entry === unknown) {
        entry = this.#derive(state, group)
        table = this.#table
      }
      if ((entry & 1) === 1) return at
      state = entry >>> 1
    }
    return this.#matchesAtEnd(state) ? text.length : -1
  }

  /** Where the match ends that ends first of those that begin before a place, or -1 where there is none. */
  endOfMatchBegunBefore(text: string, place: number): number {
    let state = initial
    for (let at = 0; at < text.length && state !== dead; at++) {
      if (at === place) state = this.#close(state)
      const entry = this.#entryOf(state, text, at)
      if ((entry & 1) === 1) return at
      state = entry >>> 1
    }
    if (place >= text.length) state = this.#close(state)
    return this.#matchesAtEnd(state) ? text.length : -1
  }

  /**
   * For the automaton of a reversed expression: the first place from which the expression matches up to `end`, read from there
   * towards the beginning. Where that takes too long to know, the first place that was seen, or -1.
   */
  startOfMatchUpTo(text: string, end: number): number {
    const before = end < text.length ? this.#neighbourAt(text, end) : this.#follows.neighbours.atEdge
    let state = this.#alone(before)
    let first = -1
    const limit = this.#work + mostWork
    for (let at = end - 1; at >= 0 && state !== dead; at--) {
      if (this.#work > limit) return first
      const entry = this.#entryOf(state, text, at)
      if ((entry & 1) === 1) first = at + 1
      state = entry >>> 1
    }
    return this.#matchesAtEnd(state) ? 0 : first
  }

  /** Where the longest match ends of those that begin at a place where one does; the text's end where that takes too long to know. */
  endOfLongestMatchFrom(text: string, start: number): number {
    return this.#walkFrom(text, start, this.#work + mostWork) ?? text.length
  }

  /** In order: where the match ends that backtracking would find of those that begin at a place where one does. */
  endOfMatchFrom(text: string, start: number): number {
    return this.#walkFrom(text, start, Number.POSITIVE_INFINITY) ?? text.length
  }

  #walkFrom(text: string, start: number, limit: number): number | undefined {
    const before = start === 0 ? this.#follows.neighbours.atEdge : this.#neighbourAt(text, start - 1)
    let state = this.#alone(before)
    let last = start
    for (let at = start; at < text.length && state !== dead; at++) {
      if (this.#work > limit) return undefined
      const entry = this.#entryOf(state, text, at)
      if ((entry & 1) === 1) last = at
      state = entry >>> 1
    }
    return this.#matchesAtEnd(state) ? text.length : last
  }

  #entryOf(state: number, text: string, at: number): number {
    const group = this.#partition.groupOf[text.charCodeAt(at) & 0xff] ?? 0
    const entry = this.#table[state * this.#width + group] ?? unknown
    return entry === unknown ? this.#derive(state, group) : entry
  }

  /** The state that goes on with what is under way alone. */
  #close(number: number): number {
    this.#takeMembers(number)
    return this.#numberOf(this.#states.beforeOf(number), false)
  }

  /** The state of a match that begins where it is, and nowhere else. */
  #alone(before: Neighbour): number {
    this.#set.begin()
    this.#set.add(this.#start)
    return this.#numberOf(before, false)
  }

  #neighbourAt(text: string, at: number): Neighbour {
    return this.#follows.neighbourOf(this.#partition.groupOf[text.charCodeAt(at) & 0xff] ?? 0)
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
    let entry = this.#table[state * this.#width + group] ?? unknown
    if (entry === unknown) entry = this.#record(state, group)
    return (entry & 1) === 1 ? matched : entry >>> 1
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
      if (each === initial || this.isMatchAtEnd(each)) return false
      if (this.#states.endOf(each) > this.#states.beginOf(each)) return false
      for (const byte of this.#partition.members) {
        const next = this.step(each, byte)
        if (!waiting.includes(next)) waiting.push(next)
      }
    }
    return true
  }

  /** As `#record`, forgetting all states first where they have become too many. */
  #derive(from: number, group: number): number {
    const most = this.#isLarge ? mostEntriesOfLarge : mostEntries
    const { size, memberCount } = this.#states
    if (size * this.#width <= most && memberCount <= most) return this.#record(from, group)
    if (this.#isLarge) return this.#record(this.#restartAt(from), group)
    this.#isLarge = true
    admitLargeTable(this)
    return this.#record(from, group)
  }

  /** Forgets what made it large. Never while it walks: only the walk of another automaton makes it do so. */
  shrink(): void {
    this.#isLarge = false
    this.#restart()
  }

  /** Finds the entry of a state and a group, and puts it into the table. */
  #record(from: number, group: number): number {
    const states = this.#states
    const before = states.beforeOf(from)
    const isOpen = states.isOpen(from)
    const { members } = states
    const end = states.endOf(from)
    const set = this.#set
    set.begin()
    // Where a match may begin, the move is also made from the automaton's start.
    let matches = isOpen && this.#follows.move(this.#start, before, group, set)
    for (let at = states.beginOf(from); at < end && !(matches && this.#inOrder); at++) {
      const member = members[at] ?? 0
      const isEnd = this.#inOrder
        ? this.#follows.moveInOrder(member, before, group, set)
        : this.#follows.move(member, before, group, set)
      if (isEnd) matches = true
    }
    const next = this.#numberOf(this.#follows.neighbourOf(group), isOpen)
    const entry = (next << 1) | (matches ? 1 : 0)
    this.#table[from * this.#width + group] = entry
    return entry
  }

  #matchesAtEnd(number: number): boolean {
    const known = this.#states.matchesAtEnd(number)
    if (known !== undefined) return known
    const matches = this.#findMatchAtEnd(number)
    this.#states.noteMatchesAtEnd(number, matches)
    return matches
  }

  #findMatchAtEnd(number: number): boolean {
    const states = this.#states
    const before = states.beforeOf(number)
    if (states.isOpen(number) && this.#follows.matchesAtEnd(this.#start, before)) return true
    for (let at = states.beginOf(number); at < states.endOf(number); at++) {
      if (this.#follows.matchesAtEnd(states.members[at] ?? 0, before)) return true
    }
    return false
  }

  /** The number of the derived state whose members are in the set. */
  #numberOf(before: Neighbour, isOpen: boolean): number {
    const { count } = this.#set
    if (!isOpen && count === 0) return dead
    const states = this.#states
    const { size } = states
    const number = states.numberOf(this.#set, before, isOpen)
    if (states.size > size) {
      this.#work += count + 1
      this.#growTable()
    }
    return number
  }

  #growTable(): void {
    const needed = this.#states.size * this.#width
    if (needed <= this.#table.length) return
    const grown = new Int32Array(Math.max(needed * 2, 8 * this.#width)).fill(unknown, this.#table.length)
    grown.set(this.#table)
    this.#table = grown
  }

  #restart(): void {
    this.#states = new DerivedStates(this.#inOrder)
    this.#table = new Int32Array(0)
    const { atEdge } = this.#follows.neighbours
    this.#states.addHidden(atEdge)
    this.#set.begin()
    this.#numberOf(atEdge, true)
    this.#states.addHidden(atEdge)
    this.#growTable()
  }

  /** Forgets all states but the initial one and this one; answers its new number. */
  #restartAt(number: number): number {
    const before = this.#states.beforeOf(number)
    const isOpen = this.#states.isOpen(number)
    const kept = this.#states.members.slice(this.#states.beginOf(number), this.#states.endOf(number))
    this.#restart()
    this.#set.begin()
    for (const state of kept) this.#set.add(state)
    return this.#numberOf(before, isOpen)
  }

  /** Begins the set with the members of a state. */
  #takeMembers(number: number): void {
    const { members } = this.#states
    this.#set.begin()
    for (let at = this.#states.beginOf(number); at < this.#states.endOf(number); at++) {
      this.#set.add(members[at] ?? 0)
    }
  }
}
