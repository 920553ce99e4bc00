/** Where a rule is asked about whatever its targets have. */
const anyValue = 1
/** Where a rule is asked about some values alone. */
const someValues = 2

/** The rules of a phase that are worth asking, by their place, and about which values where that was found out. */
export class Candidates {
  readonly #marks: Uint8Array
  #values: Map<number, Set<string>> | undefined

  /** @param always 1 by the place of each rule that is asked in any case */
  constructor(always: Uint8Array) {
    this.#marks = always.slice()
  }

  /** The place of the first candidate at or behind a place; -1 where there is none. */
  next(from: number): number {
    const marks = this.#marks
    for (let index = from; index < marks.length; index++) if (marks[index] !== 0) return index
    return -1
  }

  /** The values that a candidate is to be asked about; undefined for all. */
  valuesFor(index: number): ReadonlySet<string> | undefined {
    return this.#values?.get(index)
  }

  /** Adds a rule, to be asked about whatever its targets have. */
  add(index: number): void {
    if (this.#marks[index] === someValues) this.#values?.delete(index)
    this.#marks[index] = anyValue
  }

  /** Adds a rule for a value; of every other value that was looked at it is known not to match. */
  addFor(index: number, value: string): void {
    const mark = this.#marks[index]
    if (mark === anyValue) return
    const values = (this.#values ??= new Map())
    if (mark === someValues) values.get(index)?.add(value)
    else {
      this.#marks[index] = someValues
      values.set(index, new Set([value]))
    }
  }
}
