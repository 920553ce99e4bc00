import type { Clock } from '@gateward/kernel'
import type { BreakerSettings } from './settings.ts'

/** How a request ended, as far as the service is to blame. `neither`: the client left, or it was never asked. */
export type Outcome = 'success' | 'failure' | 'neither'

/**
 * Stops sending to a service that fails too often, and lets a few probes through after a while. Every `admit` that
 * says yes is followed by exactly one `settle`, else a probe's place would be lost.
 */
export class Breaker {
  readonly #settings: BreakerSettings
  readonly #clock: Clock
  readonly #slots: readonly Slot[]
  readonly #slotLength: number
  #state: 'closed' | 'open' | 'half-open' = 'closed'
  /** Requests admitted before a change of state say nothing about what came after it. */
  #generation = 0
  #openedAt = 0
  #probing = 0
  #probed = 0

  constructor(settings: BreakerSettings, clock: Clock) {
    this.#settings = settings
    this.#clock = clock
    this.#slotLength = Math.max(1, settings.window / slotCount)
    this.#slots = Array.from({ length: slotCount }, () => ({ number: -1, total: 0, failed: 0 }))
  }

  get state(): 'closed' | 'open' | 'half-open' {
    return this.#state === 'open' && this.#isOver() ? 'half-open' : this.#state
  }

  /** A pass to hand back to `settle`, or -1 where the service is to be left alone. */
  admit(): number {
    if (this.#state === 'closed') return this.#generation
    if (this.#state === 'open') {
      if (!this.#isOver()) return -1
      this.#change('half-open')
    }
    if (this.#probing + this.#probed >= this.#settings.probes) return -1
    this.#probing++
    return this.#generation
  }

  /** Tells how the request of a pass ended. */
  settle(pass: number, outcome: Outcome): void {
    if (pass !== this.#generation) return
    if (this.#state === 'closed') this.#count(outcome)
    else if (this.#state === 'half-open') this.#judge(outcome)
  }

  #judge(outcome: Outcome): void {
    this.#probing--
    if (outcome === 'failure') this.#open()
    else if (outcome === 'success' && ++this.#probed >= this.#settings.probes) this.#change('closed')
  }

  #count(outcome: Outcome): void {
    if (outcome === 'neither') return
    const slot = this.#slot()
    slot.total++
    if (outcome === 'success') return
    slot.failed++
    const { total, failed } = this.#sum(slot.number)
    if (total >= this.#settings.minimum && failed >= total * this.#settings.failures) this.#open()
  }

  #slot(): Slot {
    const number = Math.floor(this.#clock.tick() / this.#slotLength)
    const slot = this.#slots[number % slotCount] as Slot
    if (slot.number !== number) {
      slot.number = number
      slot.total = 0
      slot.failed = 0
    }
    return slot
  }

  #sum(newest: number): { readonly total: number; readonly failed: number } {
    let total = 0
    let failed = 0
    for (const slot of this.#slots) {
      if (slot.number <= newest - slotCount) continue
      total += slot.total
      failed += slot.failed
    }
    return { total, failed }
  }

  #isOver(): boolean {
    return this.#clock.tick() - this.#openedAt >= this.#settings.openFor
  }

  #open(): void {
    this.#openedAt = this.#clock.tick()
    this.#change('open')
  }

  #change(state: 'closed' | 'open' | 'half-open'): void {
    this.#state = state
    this.#generation++
    this.#probing = 0
    this.#probed = 0
    if (state !== 'closed') return
    for (const slot of this.#slots) slot.number = -slotCount
  }
}

interface Slot {
  /** Which stretch of time it counts, from the clock's zero. */
  number: number
  total: number
  failed: number
}

const slotCount = 10
