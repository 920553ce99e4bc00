import type { Neighbour } from './neighbours.ts'
import { edge } from './neighbours.ts'

/** A set of the automaton's states, all reached by the text read so far. */
export interface DerivedState {
  readonly reached: readonly number[]
  readonly before: Neighbour
  /** Whether a match may begin here, and at every place after it. */
  readonly isOpen: boolean
  /** Another state with the same hash. */
  readonly sibling: number | undefined
  /** Whether a match ends where the text ends; unknown until asked. */
  matchesAtEnd: boolean | undefined
}

/** Nothing under way, and nothing that may begin. */
export const none: DerivedState = {
  reached: [],
  before: edge,
  isOpen: false,
  sibling: undefined,
  matchesAtEnd: undefined,
}

/** A number for a set of states: the same in whichever order they stand. */
export function hashOf(reached: readonly number[], before: Neighbour, isOpen: boolean): number {
  let hash = isOpen ? before + 4 : before
  for (const state of reached) hash = (hash + Math.imul(state + 1, 0x9e37_79b1)) | 0
  return hash
}
