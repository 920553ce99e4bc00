import type { Automaton } from './build-automaton.ts'
import { partitionBytes } from './byte-partition.ts'
import type { BytePartition } from './byte-partition.ts'
import { FollowTable } from './follow-table.ts'
import { StateSet } from './state-set.ts'

/**
 * Walks an automaton with its states in the order in which backtracking would try them: the match that backtracking stops at is
 * found in one pass, and without the compilation that V8 does when an expression first runs.
 */
export class OrderedWalk {
  readonly #start: number
  readonly #partition: BytePartition
  readonly #follows: FollowTable
  #here: StateSet
  #there: StateSet

  constructor(automaton: Automaton) {
    const { start, states } = automaton
    this.#start = start
    this.#partition = partitionBytes(states.flatMap((state) => (state.kind === 'bytes' ? [state.bytes] : [])))
    this.#follows = new FollowTable(automaton, this.#partition)
    this.#here = new StateSet(states.length)
    this.#there = new StateSet(states.length)
  }

  /** Where the match ends that backtracking finds from a place, or -1 where it finds none. */
  endOfMatchFrom(text: string, start: number): number {
    const { groupOf } = this.#partition
    const follows = this.#follows
    const groupAt = (at: number): number => groupOf[text.charCodeAt(at) & 0xff] ?? 0
    let before = start === 0 ? follows.neighbours.atEdge : follows.neighbourOf(groupAt(start - 1))
    let end = -1
    this.#here.begin()
    this.#here.add(this.#start)
    for (let at = start; at <= text.length && this.#here.count > 0; at++) {
      const group = at < text.length ? groupAt(at) : undefined
      const { members, count } = this.#here
      this.#there.begin()
      for (let index = 0; index < count; index++) {
        if (!follows.moveInOrder(members[index] ?? 0, before, group, this.#there)) continue
        end = at
        break
      }
      if (group !== undefined) before = follows.neighbourOf(group)
      const here = this.#here
      this.#here = this.#there
      this.#there = here
    }
    return end
  }
}
