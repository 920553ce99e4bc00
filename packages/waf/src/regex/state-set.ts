/** A set of an automaton's states that is filled, read and begun anew without a new object. */
export class StateSet {
  /** In the order in which they were added, `count` of them. */
  readonly members: Int32Array
  count = 0
  /** When each state was last added. */
  readonly #marks: Uint32Array
  #mark = 0

  constructor(states: number) {
    this.members = new Int32Array(states)
    this.#marks = new Uint32Array(states)
  }

  /** Empties it. */
  begin(): void {
    this.count = 0
    if (this.#mark === 0xffff_ffff) {
      this.#marks.fill(0)
      this.#mark = 0
    }
    this.#mark++
  }

  /** Adds a state; false where it was there. */
  add(state: number): boolean {
    if (this.#marks[state] === this.#mark) return false
    this.#marks[state] = this.#mark
    this.members[this.count++] = state
    return true
  }

  has(state: number): boolean {
    return this.#marks[state] === this.#mark
  }
}
