import type { Clock } from '@gateward/kernel'
import type { RetrySettings } from './settings.ts'

/**
 * Keeps retries a fraction of the requests: in any time, `retries <= budget * requests + minPerSecond * seconds`, and
 * one second's worth (at least one) more.
 * Without it each layer of retries multiplies the load on a service that is already down.
 */
export class RetryBudget {
  readonly #settings: RetrySettings
  readonly #clock: Clock
  /** Earned by requests. */
  #earned = 0
  /** Given by time. */
  #given: number
  #givenAt: number
  readonly #most: number

  constructor(settings: RetrySettings, clock: Clock) {
    this.#settings = settings
    this.#clock = clock
    this.#most = settings.minPerSecond === 0 ? 0 : Math.max(1, settings.minPerSecond)
    this.#given = this.#most
    this.#givenAt = clock.tick()
  }

  /** A request was made; called once for each, not for its retries. */
  deposit(): void {
    this.#earned = Math.min(maximumSaved, this.#earned + this.#settings.budget)
  }

  /** Takes one retry; false where there is none left. */
  withdraw(): boolean {
    if (this.#earned >= 1) {
      this.#earned -= 1
      return true
    }
    const now = this.#clock.tick()
    const elapsedSeconds = (now - this.#givenAt) / 1_000
    this.#given = Math.min(this.#most, this.#given + elapsedSeconds * this.#settings.minPerSecond)
    this.#givenAt = now
    if (this.#given < 1) return false
    this.#given -= 1
    return true
  }
}

// What a long quiet time saved must not be spent at once on a service that just went down.
const maximumSaved = 100
