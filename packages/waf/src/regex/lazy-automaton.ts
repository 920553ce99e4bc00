import type { Automaton } from './build-automaton.ts'
import type { BytePartition } from './byte-partition.ts'
import { partitionBytes } from './byte-partition.ts'
import type { DerivedState } from './derived-state.ts'
import { hashOf, none } from './derived-state.ts'
import { FollowTable } from './follow-table.ts'
import type { Neighbour } from './neighbours.ts'

// An entry of the table is the number of a state, and in its lowest bit whether a match ended before the byte.
const unknown = -1
const matched = 0
const initial = 1
/** Not open, and nothing under way. */
const dead = 2
const mostTableEntries = 1 << 15
const mostReached = 1 << 15

/** Most members of new states that a walk for captures may take. */
const mostWork = 4_000

/**
 * Tells in one pass, at the price of a table look-up a byte, where an automaton finds a match in a text. Its deterministic
 * states are made when a text first leads to them, and forgotten when they become too many: every byte costs at most a step of
 * all states of the automaton, whatever the text.
 */
export class LazyAutomaton {
  readonly #start: number
  readonly #partition: BytePartition
  readonly #follows: FollowTable
  readonly #width: number
  /** When each state of the automaton was last put into the set under way. */
  readonly #member: Uint32Array
  #set = 0
  #states: DerivedState[] = []
  #byHash = new Map<number, number>()
  #table = new Int32Array(0)
  #reached = 0
  /** Members of states that were made, ever. */
  #work = 0

  constructor(automaton: Automaton) {
    this.#start = automaton.start
    this.#partition = partitionBytes(
      automaton.states.flatMap((state) => (state.kind === 'bytes' ? [state.bytes] : [])),
    )
    this.#follows = new FollowTable(automaton, this.#partition)
    this.#width = this.#partition.members.length
    this.#member = new Uint32Array(automaton.states.length)
    this.#restart()
  }

  /** Where the match ends that ends first, or -1 where there is none. */
  endOfMatch(text: string): number {
    const { groupOf } = this.#partition
    const width = this.#width
    let state = initial
    for (let at = 0; at < text.length; at++) {
      const group = groupOf[text.charCodeAt(at) & 0xff] ?? 0
      let entry = this.#table[state * width + group] ?? unknown
      if (entry === unknown) entry = this.#derive(state, group)
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
    const before = start === 0 ? this.#follows.neighbours.atEdge : this.#neighbourAt(text, start - 1)
    let state = this.#alone(before)
    let last = start
    const limit = this.#work + mostWork
    for (let at = start; at < text.length && state !== dead; at++) {
      if (this.#work > limit) return text.length
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
    const { reached, before } = this.#states[number] ?? none
    return this.#numberOf(reached, before, false, this.#mark(reached))
  }

  /** The state of a match that begins where it is, and nowhere else. */
  #alone(before: Neighbour): number {
    const begun = [this.#start]
    return this.#numberOf(begun, before, false, this.#mark(begun))
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
      if (each === initial || this.isMatchAtEnd(each) || (this.#states[each]?.reached.length ?? 0) > 0)
        return false
      for (const byte of this.#partition.members) {
        const next = this.step(each, byte)
        if (!waiting.includes(next)) waiting.push(next)
      }
    }
    return true
  }

  /** As `#record`, forgetting all states first where they have become too many. */
  #derive(from: number, group: number): number {
    const isFull = this.#states.length * this.#width > mostTableEntries || this.#reached > mostReached
    return this.#record(isFull ? this.#restartAt(from) : from, group)
  }

  /** Finds the entry of a state and a group, and puts it into the table. */
  #record(from: number, group: number): number {
    const { reached, before, isOpen } = this.#states[from] ?? none
    const set = this.#beginSet()
    const targets: number[] = []
    // Where a match may begin, the move is also made from the automaton's start.
    let matches = isOpen && this.#collect(this.#start, before, group, targets, set)
    for (const state of reached) if (this.#collect(state, before, group, targets, set)) matches = true
    const next = this.#numberOf(targets, this.#follows.neighbourOf(group), isOpen, set)
    const entry = (next << 1) | (matches ? 1 : 0)
    this.#table[from * this.#width + group] = entry
    return entry
  }

  /** Adds what a state leads to; answers whether a match ends there. */
  #collect(state: number, before: Neighbour, group: number, targets: number[], set: number): boolean {
    const follow = this.#follows.follow(state, before, group)
    for (const target of follow.targets) {
      if (this.#member[target] === set) continue
      this.#member[target] = set
      targets.push(target)
    }
    return follow.matches
  }

  #beginSet(): number {
    if (this.#set === 0xffff_ffff) {
      this.#member.fill(0)
      this.#set = 0
    }
    return ++this.#set
  }

  #matchesAtEnd(number: number): boolean {
    const state = this.#states[number] ?? none
    state.matchesAtEnd ??= [...(state.isOpen ? [this.#start] : []), ...state.reached].some(
      (each) => this.#follows.follow(each, state.before, this.#follows.end).matches,
    )
    return state.matchesAtEnd
  }

  /** The number of the derived state whose members are marked with the number of the set. */
  #numberOf(reached: readonly number[], before: Neighbour, isOpen: boolean, set: number): number {
    if (!isOpen && reached.length === 0) return dead
    const hash = hashOf(reached, before, isOpen)
    const first = this.#byHash.get(hash)
    for (let number = first; number !== undefined; number = this.#states[number]?.sibling) {
      const known = this.#states[number] ?? none
      if (known.before !== before || known.isOpen !== isOpen) continue
      if (known.reached.length !== reached.length) continue
      if (known.reached.every((state) => this.#member[state] === set)) return number
    }
    const number = this.#add({ reached, before, isOpen, sibling: first, matchesAtEnd: undefined })
    this.#byHash.set(hash, number)
    return number
  }

  #add(state: DerivedState): number {
    const number = this.#states.push(state) - 1
    this.#reached += state.reached.length
    this.#work += state.reached.length + 1
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

  #restart(): void {
    this.#states = [none]
    this.#byHash = new Map()
    this.#table = new Int32Array(0)
    this.#reached = 0
    this.#numberOf([], this.#follows.neighbours.atEdge, true, this.#beginSet())
    this.#add(none)
  }

  /** Forgets all states but the initial one and this one; answers its new number. */
  #restartAt(number: number): number {
    const { reached, before, isOpen } = this.#states[number] ?? none
    this.#restart()
    return this.#numberOf(reached, before, isOpen, this.#mark(reached))
  }

  /** Marks states as the members of a new set. */
  #mark(states: readonly number[]): number {
    const set = this.#beginSet()
    for (const state of states) this.#member[state] = set
    return set
  }
}
