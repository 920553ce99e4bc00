/** Where a body that is still arriving stands. */
export interface BodyProgress {
  /** Bytes received on the connection so far. */
  readonly bytes: number
  /** Whether nothing is read because whoever takes the body is slower than the client: not the client's fault. */
  readonly held: boolean
}

/** Milliseconds in which a body may be as slow as it likes. */
const grace = 5_000

/**
 * The pace of one arriving body: it has to keep a rate on average after a grace of five seconds, and a total deadline,
 * so that a client cannot hold a connection open with a byte now and then.
 */
export class BodyPace {
  readonly #startedAt: number
  readonly #startBytes: number
  readonly #minimumRate: number
  readonly #deadline: number
  #heldFor = 0
  #lookedAt: number

  /** @param minimumRate bytes a second, 0: any @param deadline milliseconds for the whole body */
  constructor(now: number, bytes: number, minimumRate: number, deadline: number) {
    this.#startedAt = now
    this.#lookedAt = now
    this.#startBytes = bytes
    this.#minimumRate = minimumRate
    this.#deadline = deadline
  }

  /** Whether the body has become too slow to wait for. @param now the monotonic clock, milliseconds */
  isTooSlow(now: number, progress: BodyProgress): boolean {
    if (progress.held) this.#heldFor += now - this.#lookedAt
    this.#lookedAt = now
    const waited = now - this.#startedAt - this.#heldFor
    if (waited > this.#deadline) return true
    if (waited <= grace) return false
    return (progress.bytes - this.#startBytes) * 1_000 < this.#minimumRate * waited
  }
}
