import type { BytePartition } from './byte-partition.ts'
import { DerivedStates } from './derived-states.ts'
import type { FollowTable } from './follow-table.ts'
import type { LargeTable } from './large-tables.ts'
import { admitLargeTable } from './large-tables.ts'
import type { Neighbour } from './neighbours.ts'
import { StateSet } from './state-set.ts'

/** An entry that was not asked for yet. Others below zero say that a match ended before the byte; they are read with `stateOf`. */
export const unknown = -1

/** The state to which an entry leads. */
export function stateOf(entry: number): number {
  return entry < 0 ? -2 - entry : entry
}

/** A match was found: for callers that go on after one, never a state of a text that is read. */
export const matched = 0
/** The state before a text. */
export const initial = 1
/** No match can be found any more: none may begin, and nothing is under way. */
export const dead = 2

/** Entries of the table, of two bytes each, and as many members of sets: what every automaton may have, and what few at a time. */
const mostEntries = 1 << 15
const mostEntriesOfLarge = 1 << 18
/** What an entry can tell apart. */
const mostStates = 32_000

/**
 * The deterministic states of an automaton by their numbers, and in one table a row for each, with an entry for each group of
 * bytes. States are made when a text first leads to them, and forgotten when they become too many. Entries are small because what walks
 * wait for are the processor's caches.
 */
export class TransitionTable implements LargeTable {
  readonly partition: BytePartition
  /** Entries of a row. */
  readonly width: number
  readonly #inOrder: boolean
  readonly #start: number
  readonly #follows: FollowTable
  /** The set under way. */
  readonly #set: StateSet
  #states: DerivedStates
  #entries = new Int16Array(0)
  #isLarge = false
  #work = 0

  /** @param inOrder whether it goes as backtracking does, and drops what that would try after a match */
  constructor(follows: FollowTable, inOrder: boolean) {
    this.#inOrder = inOrder
    this.#states = new DerivedStates(inOrder)
    this.#follows = follows
    this.#start = follows.start
    this.partition = follows.partition
    this.width = this.partition.members.length
    this.#set = new StateSet(follows.states)
    this.#restart()
  }

  /** By state and group. Another array after every `derive`. */
  get entries(): Int16Array {
    return this.#entries
  }

  /** Members of states that were made, ever. */
  get work(): number {
    return this.#work
  }

  /** The entry of a state and a group; may forget every state but the one it leads to. */
  entryOf(state: number, group: number): number {
    const entry = this.#entries[state * this.width + group] as number
    return entry === unknown ? this.derive(state, group) : entry
  }

  /** As `entryOf`, and nothing is ever forgotten: the caller bounds how many it asks for. */
  keptEntryOf(state: number, group: number): number {
    const entry = this.#entries[state * this.width + group] as number
    return entry === unknown ? this.#record(state, group) : entry
  }

  /** Finds an entry that is unknown, forgetting all states first where they have become too many. */
  derive(from: number, group: number): number {
    const most = this.#isLarge ? mostEntriesOfLarge : mostEntries
    const { size, memberCount } = this.#states
    if (size * this.width <= most && memberCount <= most && size < mostStates)
      return this.#record(from, group)
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

  /** The state that goes on with what is under way alone. */
  close(state: number): number {
    this.#takeMembers(state)
    return this.#numberOf(this.#states.beforeOf(state), false)
  }

  /** The state of a match that begins where it is, and nowhere else; behind a byte of the group, or where the text begins. */
  alone(group: number | undefined): number {
    const { neighbours } = this.#follows
    this.#set.begin()
    this.#set.add(this.#start)
    const before = group === undefined ? neighbours.atEdge : this.#follows.neighbourOf(group)
    return this.#numberOf(before, false)
  }

  /** Whether states of the automaton are under way in a state. */
  isUnderWay(state: number): boolean {
    return this.#states.endOf(state) > this.#states.beginOf(state)
  }

  /** Whether a match ends where the text does. */
  matchesAtEnd(state: number): boolean {
    const known = this.#states.matchesAtEnd(state)
    if (known !== undefined) return known
    const matches = this.#findMatchAtEnd(state)
    this.#states.noteMatchesAtEnd(state, matches)
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
    const entry = matches ? -2 - next : next
    this.#entries[from * this.width + group] = entry
    return entry
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
    const needed = this.#states.size * this.width
    if (needed <= this.#entries.length) return
    const grown = new Int16Array(Math.max(needed * 2, 8 * this.width)).fill(unknown, this.#entries.length)
    grown.set(this.#entries)
    this.#entries = grown
  }

  #restart(): void {
    this.#states = new DerivedStates(this.#inOrder)
    this.#entries = new Int16Array(0)
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
