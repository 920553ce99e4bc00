import type { Clock } from '@gateward/kernel'

/**
 * Answers that are dear to find out, for all who ask: whoever asks while one is being found out waits for it, and for a
 * while after that it is given again.
 */
export class Recent<Value> {
  readonly #clock: Clock
  readonly #life: number
  readonly #most: number
  readonly #known = new Map<string, { readonly value: Promise<Value>; endsAt: number }>()

  /**
   * @param life milliseconds that an answer is given again
   * @param most answers that are kept at a time
   */
  constructor(clock: Clock, life: number, most: number) {
    this.#clock = clock
    this.#life = life
    this.#most = most
  }

  /** The answer to a question; `find` runs where nobody asked it lately. One that could not be found is not kept. */
  get(question: string, find: () => Promise<Value>): Promise<Value> {
    const known = this.#known.get(question)
    if (known !== undefined && this.#clock.tick() < known.endsAt) return known.value
    this.#known.delete(question)
    const [oldest] = this.#known.keys()
    if (this.#known.size >= this.#most && oldest !== undefined) this.#known.delete(oldest)
    const value = find()
    const entry = { value, endsAt: Infinity }
    this.#known.set(question, entry)
    value.then(
      () => (entry.endsAt = this.#clock.tick() + this.#life),
      () => {
        if (this.#known.get(question) === entry) this.#known.delete(question)
      },
    )
    return value
  }
}

/** For what is found out of the records, a second's work: milliseconds that it is given again, and how many answers are kept. */
export const shared = { life: 10_000, most: 8 } as const
