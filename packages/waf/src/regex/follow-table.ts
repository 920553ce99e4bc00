import type { Automaton } from './build-automaton.ts'
import type { BytePartition } from './byte-partition.ts'
import { partitionBytes } from './byte-partition.ts'
import type { Neighbour } from './neighbours.ts'
import { NeighbourReader, assertionHolds, edge, neighbourKinds } from './neighbours.ts'
import { StateSet } from './state-set.ts'

/** What a state reaches without a byte, between two neighbours. */
interface Closure {
  /** The states that go on with a byte, in the order in which backtracking tries them. */
  readonly states: Int32Array
  /** Whether a match ends here. */
  readonly matches: boolean
  /** How many of the states are tried before the match; all of them where none ends here. */
  readonly preferred: number
  /** For a long list, by group of bytes: where those of its states lead that take one; found when first asked. */
  readonly byGroup: (Int32Array | undefined)[] | undefined
}

/** Longer lists than this, of words mostly, are walked through once for each group of bytes, and not at each place of a text. */
const longList = 12

/** States in all closures together; only texts made for it need more of them at once. */
const mostStates = 1 << 18

/** Where each state of an automaton leads with each group of bytes, worked out when first asked. */
export class FollowTable {
  readonly neighbours: NeighbourReader
  readonly partition: BytePartition
  /** The state in which a match begins. */
  readonly start: number
  /** How many states there are. */
  readonly states: number
  readonly #automaton: Automaton
  readonly #neighbourOf: readonly Neighbour[]
  readonly #groups: number
  /** By state: the state after its byte. */
  readonly #next: Int32Array
  /** By state: the first of its places in the table of which groups it takes. */
  readonly #takes: Int32Array
  readonly #isTaken: Uint8Array
  /** By a state and its neighbours: one more than the place among the closures, 0 where it is not known. */
  readonly #places: Int32Array
  #closures: Closure[] = []
  #closureStates = 0
  readonly #reached: StateSet

  /** @param partition one that tells apart what the automaton's classes do: that of the same expression, say, read from its end */
  constructor(automaton: Automaton, partition = partitionOf(automaton)) {
    this.#automaton = automaton
    this.partition = partition
    this.start = automaton.start
    this.states = automaton.states.length
    this.neighbours = new NeighbourReader(automaton)
    this.#neighbourOf = partition.members.map((byte) => this.neighbours.ofByte(byte))
    this.#groups = partition.members.length
    const { states } = automaton
    this.#next = Int32Array.from(states, (state) => (state.kind === 'bytes' ? state.next : 0))
    const rows = new Map<string, number>()
    const tables: number[][] = []
    this.#takes = Int32Array.from(states, (state) => {
      if (state.kind !== 'bytes') return 0
      const { bytes } = state
      let row = rows.get(bytes.key)
      if (row === undefined) {
        row = tables.push(partition.members.map((byte) => (bytes.has(byte) ? 1 : 0))) - 1
        rows.set(bytes.key, row)
      }
      return row * this.#groups
    })
    this.#isTaken = Uint8Array.from(tables.flat())
    this.#places = new Int32Array(states.length * this.neighbours.kinds * this.neighbours.kinds)
    this.#reached = new StateSet(states.length)
  }

  /** What stands where a byte of a group was read. */
  neighbourOf(group: number): Neighbour {
    return this.#neighbourOf[group] ?? edge
  }

  /** Adds the states to a set that a state leads to with a byte of a group; answers whether a match ends before the byte. */
  move(state: number, before: Neighbour, group: number, into: StateSet): boolean {
    const { states, matches, byGroup } = this.#closureOf(state, before, this.neighbourOf(group))
    if (byGroup !== undefined) {
      const targets = (byGroup[group] ??= this.#targets(states, group))
      for (let index = 0; index < targets.length; index++) into.add(targets[index] ?? 0)
      return matches
    }
    for (let index = 0; index < states.length; index++) {
      const each = states[index] ?? 0
      if (this.#isTaken[(this.#takes[each] ?? 0) + group] === 1) into.add(this.#next[each] ?? 0)
    }
    return matches
  }

  /** As `move`, in the order in which backtracking goes, and without what it would try after the match that ends here. */
  moveInOrder(state: number, before: Neighbour, group: number, into: StateSet): boolean {
    const { states, matches, preferred } = this.#closureOf(state, before, this.neighbourOf(group))
    for (let index = 0; index < preferred; index++) {
      const each = states[index] ?? 0
      if (this.#isTaken[(this.#takes[each] ?? 0) + group] === 1) into.add(this.#next[each] ?? 0)
    }
    return matches
  }

  /** Whether a match ends where the text does. */
  matchesAtEnd(state: number, before: Neighbour): boolean {
    return this.#closureOf(state, before, edge).matches
  }

  #targets(states: Int32Array, group: number): Int32Array {
    return states
      .filter((each) => this.#isTaken[(this.#takes[each] ?? 0) + group] === 1)
      .map((each) => this.#next[each] ?? 0)
  }

  #closureOf(state: number, before: Neighbour, after: Neighbour): Closure {
    const { kinds } = this.neighbours
    const at = kinds === 1 ? state : (state * neighbourKinds + before) * neighbourKinds + after
    const place = this.#places[at] ?? 0
    if (place > 0) return this.#closures[place - 1] ?? noClosure
    const closure = this.#find(state, before, after)
    this.#closureStates += closure.states.length
    if (this.#closureStates > mostStates) {
      this.#places.fill(0)
      this.#closures = []
      this.#closureStates = 0
    }
    this.#places[at] = this.#closures.push(closure)
    return closure
  }

  #find(from: number, before: Neighbour, after: Neighbour): Closure {
    const reached = this.#reached
    const found: number[] = []
    let preferred: number | undefined
    reached.begin()
    const waiting = [from]
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (!reached.add(number)) continue
      const state = this.#automaton.states[number]
      if (state?.kind === 'match') preferred ??= found.length
      else if (state?.kind === 'fork') {
        for (let index = state.nexts.length - 1; index >= 0; index--) waiting.push(state.nexts[index] ?? 0)
      } else if (state?.kind === 'assertion') {
        if (assertionHolds(state.assertion, before, after)) waiting.push(state.next)
      } else if (state?.kind === 'bytes') found.push(number)
    }
    const byGroup =
      found.length > longList ? Array.from({ length: this.#groups }, () => undefined) : undefined
    return {
      states: Int32Array.from(found),
      matches: preferred !== undefined,
      preferred: preferred ?? found.length,
      byGroup,
    }
  }
}

function partitionOf({ states }: Automaton): BytePartition {
  return partitionBytes(states.flatMap((state) => (state.kind === 'bytes' ? [state.bytes] : [])))
}

const noClosure: Closure = { states: new Int32Array(0), matches: false, preferred: 0, byGroup: undefined }
