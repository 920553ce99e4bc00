import type { Clock } from '@gateward/kernel'
import type { Outcome } from './breaker.ts'
import type { PassiveHealthSettings } from './settings.ts'

/** What answers have told of one target. */
export interface Standing {
  failuresInARow: number
  /** The monotonic clock, milliseconds; 0: it is not left out. */
  ejectedUntil: number
}

/** Leaves out targets that fail several times in a row, and never more of them than the settings allow. */
export class PassiveHealth {
  readonly #settings: PassiveHealthSettings
  readonly #clock: Clock
  readonly #standings: Standing[] = []

  constructor(settings: PassiveHealthSettings, clock: Clock) {
    this.#settings = settings
    this.#clock = clock
  }

  /** A new target, in good standing. */
  add(): Standing {
    const standing: Standing = { failuresInARow: 0, ejectedUntil: 0 }
    this.#standings.push(standing)
    return standing
  }

  isEjected(standing: Standing): boolean {
    return standing.ejectedUntil !== 0 && this.#clock.tick() < standing.ejectedUntil
  }

  record(standing: Standing, outcome: Outcome): void {
    if (outcome === 'neither') return
    if (outcome === 'success') {
      standing.failuresInARow = 0
      standing.ejectedUntil = 0
      return
    }
    standing.failuresInARow++
    if (standing.failuresInARow < this.#settings.consecutiveFailures || this.isEjected(standing)) return
    // One more would leave too few to carry the traffic: a bad answer is then better than none.
    if (this.#ejected() + 1 > this.#settings.maxEjected * this.#standings.length) return
    standing.ejectedUntil = this.#clock.tick() + this.#settings.ejectFor
    standing.failuresInARow = 0
  }

  #ejected(): number {
    let ejected = 0
    for (const standing of this.#standings) if (this.isEjected(standing)) ejected++
    return ejected
  }
}
