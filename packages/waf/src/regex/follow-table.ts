import type { Automaton } from './build-automaton.ts'
import type { BytePartition } from './byte-partition.ts'
import type { Neighbour } from './neighbours.ts'
import { NeighbourReader, assertionHolds, edge, neighbourKinds } from './neighbours.ts'

/** Where one state of an automaton goes on to. */
export interface Follow {
  /** The states after the byte. */
  readonly targets: readonly number[]
  /** Whether a match ends before the byte. */
  readonly matches: boolean
}

/** Most moves that are kept; texts that need more of them at once are rare. */
const mostKept = 1 << 15

/**
 * Where each state of an automaton leads with each group of bytes, found when first asked: a list of a thousand words is walked
 * through once for each first letter, and not for each place of a text.
 */
export class FollowTable {
  readonly neighbours: NeighbourReader
  readonly #automaton: Automaton
  readonly #partition: BytePartition
  readonly #neighbourOf: readonly Neighbour[]
  readonly #groups: number
  readonly #known = new Map<number, Follow>()
  /** When each state was last seen by the walk under way. */
  readonly #seen: Uint32Array
  #walk = 0

  constructor(automaton: Automaton, partition: BytePartition) {
    this.#automaton = automaton
    this.#partition = partition
    this.neighbours = new NeighbourReader(automaton)
    this.#neighbourOf = partition.members.map((byte) => this.neighbours.ofByte(byte))
    // One more than there are stands for the end of the text.
    this.#groups = partition.members.length + 1
    this.#seen = new Uint32Array(automaton.states.length)
  }

  /** What stands where a byte of a group was read. */
  neighbourOf(group: number): Neighbour {
    return this.#neighbourOf[group] ?? edge
  }

  /** The group that stands for the end of the text. */
  get end(): number {
    return this.#groups - 1
  }

  follow(state: number, before: Neighbour, group: number): Follow {
    const key = (state * neighbourKinds + before) * this.#groups + group
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const found = this.#find(state, before, group)
    if (this.#known.size >= mostKept) this.#known.clear()
    this.#known.set(key, found)
    return found
  }

  #find(from: number, before: Neighbour, group: number): Follow {
    const after = group === this.end ? edge : this.neighbourOf(group)
    const byte = this.#partition.members[group]
    const walk = this.#beginWalk()
    const targets = new Set<number>()
    let matches = false
    const waiting = [from]
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (this.#seen[number] === walk) continue
      this.#seen[number] = walk
      const state = this.#automaton.states[number]
      if (state === undefined) continue
      if (state.kind === 'match') matches = true
      else if (state.kind === 'fork') for (const next of state.nexts) waiting.push(next)
      else if (state.kind === 'assertion') {
        if (assertionHolds(state.assertion, before, after)) waiting.push(state.next)
      } else if (byte !== undefined && state.bytes.has(byte)) targets.add(state.next)
    }
    return { targets: [...targets], matches }
  }

  #beginWalk(): number {
    if (this.#walk === 0xffff_ffff) {
      this.#seen.fill(0)
      this.#walk = 0
    }
    return ++this.#walk
  }
}
