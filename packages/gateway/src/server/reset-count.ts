/** Counts what happens within ten seconds, in two buckets: precise enough to tell a habit from a flood. */
export class ResetCount {
  readonly #max: number
  #bucketStart = 0
  #count = 0
  #before = 0

  constructor(max: number) {
    this.#max = max
  }

  /** Counts one more, and says whether that is too many. @param now the monotonic clock, milliseconds */
  isTooMany(now: number): boolean {
    const passed = now - this.#bucketStart
    if (passed >= bucketLength) {
      this.#before = passed < 2 * bucketLength ? this.#count : 0
      this.#count = 0
      this.#bucketStart = now
    }
    this.#count++
    return this.#count + this.#before > this.#max
  }
}

const bucketLength = 5_000
