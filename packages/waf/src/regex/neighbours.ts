import { wordBytes } from './named-classes.ts'
import type { Automaton } from './build-automaton.ts'
import type { Assertion } from './syntax-tree.ts'

/** What stands beside a place in a text, as far as assertions ask. */
export type Neighbour = 0 | 1 | 2 | 3

/** The beginning or the end of the text. */
export const edge: Neighbour = 0
const word: Neighbour = 1
const newline: Neighbour = 2
const other: Neighbour = 3

/** How many kinds of neighbours there are. */
export const neighbourKinds = 4

/** Tells the neighbours apart that the assertions of one automaton ask about; those of others it takes for the same. */
export class NeighbourReader {
  readonly #asksWords: boolean
  readonly #asksLines: boolean
  /** What stands before the first byte. */
  readonly atEdge: Neighbour
  /** How many neighbours it tells apart: one, or as many as there are. */
  readonly kinds: number

  constructor({ states }: Automaton) {
    const asked = new Set(states.flatMap((state) => (state.kind === 'assertion' ? [state.assertion] : [])))
    this.#asksWords = asked.has('word-boundary') || asked.has('no-word-boundary')
    this.#asksLines = asked.has('line-start') || asked.has('line-end')
    this.atEdge = asked.size === 0 ? other : edge
    this.kinds = asked.size === 0 ? 1 : neighbourKinds
  }

  ofByte(byte: number): Neighbour {
    if (this.#asksWords && wordBytes.has(byte)) return word
    return this.#asksLines && byte === 0x0a ? newline : other
  }
}

/** Whether an assertion holds between two neighbours. */
export function assertionHolds(assertion: Assertion, before: Neighbour, after: Neighbour): boolean {
  switch (assertion) {
    case 'start':
      return before === edge
    case 'end':
      return after === edge
    case 'line-start':
      return before === edge || before === newline
    case 'line-end':
      return after === edge || after === newline
    case 'word-boundary':
      return (before === word) !== (after === word)
    case 'no-word-boundary':
      return (before === word) === (after === word)
  }
}
