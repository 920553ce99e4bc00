/** Where time comes from; every part that reads time is given one, so that tests can turn it. */
export interface Clock {
  /** Wall-clock time in milliseconds since the Unix epoch. */
  now(): number
  /** A clock that never goes back, in milliseconds with a fraction; only differences mean anything. */
  tick(): number
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  tick: () => performance.now(),
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now: number
  #tick = 0

  /** @param start milliseconds since the Unix epoch */
  constructor(start = 1_700_000_000_000) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  tick(): number {
    return this.#tick
  }

  /** Moves both clocks on by `milliseconds`. */
  advance(milliseconds: number): void {
    this.#now += milliseconds
    this.#tick += milliseconds
  }
}
