import type { TransitionTable } from './transition-table.ts'
import { initial, unknown } from './transition-table.ts'

const idleEntries = new Int16Array(1)
const idleGroups = new Uint8Array(256)

/** The walk of one automaton over a text, among others that walk beside it. What is idle goes from its one state to itself. */
export class Lane {
  /** Which of the walks it is; -1 where it is idle. */
  walk = -1
  /** Where the byte is that comes next. */
  place = 0
  state = 0
  entries: Int16Array = idleEntries
  groupOf: Uint8Array = idleGroups
  width = 0
  #table: TransitionTable | undefined

  begin(walk: number, table: TransitionTable): void {
    this.walk = walk
    this.place = 0
    this.state = initial
    this.entries = table.entries
    this.groupOf = table.partition.groupOf
    this.width = table.width
    this.#table = table
  }

  rest(): void {
    this.walk = -1
    this.place = 0
    this.state = 0
    this.entries = idleEntries
    this.groupOf = idleGroups
    this.width = 0
    this.#table = undefined
  }

  /** Makes the state that a byte leads to where it is not known; the end of the match that ends first, -1 for none, once it is found out. */
  settle(bytes: Uint8Array, length: number): number | undefined {
    const table = this.#table
    if (table === undefined) return undefined
    if (this.place < length) {
      const group = this.groupOf[bytes[this.place] as number] as number
      let entry = this.entries[this.state * this.width + group] as number
      if (entry >= 0) return undefined
      if (entry === unknown) {
        entry = table.derive(this.state, group)
        this.entries = table.entries
      }
      if (entry < 0) return this.place
      this.state = entry
      this.place += 1
    }
    if (this.place < length) return undefined
    return table.matchesAtEnd(this.state) ? length : -1
  }
}
