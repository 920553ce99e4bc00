/** Counts what is under way at once by key; a key with nothing under way costs nothing. */
export class ConcurrencySlots {
  readonly #taken = new Map<string, number>()

  /** Takes one of `limit` slots; returns how to give it back (once, however often it is called), or `undefined`. */
  enter(key: string, limit: number): (() => void) | undefined {
    const taken = this.#taken.get(key) ?? 0
    if (taken >= limit) return undefined
    this.#taken.set(key, taken + 1)
    let held = true
    return () => {
      if (!held) return
      held = false
      this.#leave(key)
    }
  }

  /** How many keys have something under way. */
  get size(): number {
    return this.#taken.size
  }

  #leave(key: string): void {
    const taken = (this.#taken.get(key) ?? 1) - 1
    if (taken === 0) this.#taken.delete(key)
    else this.#taken.set(key, taken)
  }
}
