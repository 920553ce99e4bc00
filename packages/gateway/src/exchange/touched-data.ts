/** What is done with a value of a data class: on its way in, on its way out, and what the caller gets of it. */
export type DataAction = 'encrypted' | 'searched' | 'decrypted' | 'revealed' | 'concealed'

/** How many values of one class each thing was done with. */
export type DataCounts = Readonly<Record<DataAction, number>>

/** What one exchange did with values of data classes, by class; made when the first one is touched. */
export class TouchedData {
  readonly #byClass = new Map<string, Record<DataAction, number>>()

  /** @param count values */
  add(dataClass: string, action: DataAction, count = 1): void {
    const known = this.#byClass.get(dataClass)
    if (known !== undefined) known[action] += count
    else this.#byClass.set(dataClass, { ...none, [action]: count })
  }

  get byClass(): ReadonlyMap<string, DataCounts> {
    return this.#byClass
  }
}

const none: DataCounts = { encrypted: 0, searched: 0, decrypted: 0, revealed: 0, concealed: 0 }
