import type { Clock } from '@gateward/kernel'

/** Something under way on the wire that may take too long. */
export interface Awaited {
  /** Called about once a second; it ends what has taken too long. @param now the monotonic clock, milliseconds */
  check(now: number): void
}

/**
 * Looks through everything under way about once a second, so that an exchange costs an entry in a set and no timer of its own.
 * What depends on it ends up to two looks late, and never early.
 */
export class Patience implements Disposable {
  /** The monotonic clock when it last looked, milliseconds: precise enough for waits of seconds, and free to read. */
  now: number
  readonly #clock: Clock
  readonly #interval: number
  readonly #awaited = new Set<Awaited>()
  readonly #timer: NodeJS.Timeout

  /** @param interval milliseconds between two looks */
  constructor(clock: Clock, interval = 1_000) {
    this.#clock = clock
    this.#interval = interval
    this.now = clock.tick()
    this.#timer = setInterval(() => this.#look(), interval).unref()
  }

  /** The time on the monotonic clock that is at least `milliseconds` away, and is seen to have passed at most two looks later. */
  deadlineIn(milliseconds: number): number {
    return this.now + this.#interval + milliseconds
  }

  /** The time on the monotonic clock that is at most `milliseconds` away, and is seen to have passed before that. */
  deadlineWithin(milliseconds: number): number {
    return this.now + milliseconds - this.#interval
  }

  add(awaited: Awaited): void {
    this.#awaited.add(awaited)
  }

  delete(awaited: Awaited): void {
    this.#awaited.delete(awaited)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#awaited.clear()
  }

  #look(): void {
    this.now = this.#clock.tick()
    for (const awaited of this.#awaited) awaited.check(this.now)
  }
}
