import { toFault, type Clock, type Fault } from '@gateward/kernel'
import type { QuotaStore } from '../store/quota-store.ts'

/** What one key used of one policy in one period. */
export interface QuotaCount {
  readonly key: string
  readonly policy: string
  /** Milliseconds since the Unix epoch. */
  readonly periodStart: number
  used: number
  /** The part of `used` that the store has not confirmed. */
  unsaved: number
}

const batchSize = 1_000
const dayMilliseconds = 86_400_000
/** Periods that began longer ago can be of no use: two of the longest months. */
const keptMilliseconds = 62 * dayMilliseconds

/**
 * Writes quota counts behind: in batches at most `delay` after a change, and all of them when it is disposed of.
 * A crash loses the units of that delay at most, never more. A store that fails is tried again with the next batch.
 */
export class QuotaJournal implements AsyncDisposable {
  readonly #store: QuotaStore
  readonly #clock: Clock
  readonly #delay: number
  readonly #onFault: (fault: Fault) => void
  #changed = new Set<QuotaCount>()
  #timer: NodeJS.Timeout | undefined
  #flushing: Promise<void> | undefined
  #deletedAt = 0

  /** @param delay milliseconds */
  constructor(store: QuotaStore, clock: Clock, delay: number, onFault: (fault: Fault) => void) {
    this.#store = store
    this.#clock = clock
    this.#delay = delay
    this.#onFault = onFault
  }

  /** What the store has of a count; only right where no unsaved change of the same count is about. */
  read(key: string, policy: string, periodStart: number): number | Promise<number> {
    return this.#store.read(key, policy, periodStart)
  }

  /** Counts units that are to be stored. */
  add(count: QuotaCount, units: number): void {
    count.used += units
    count.unsaved += units
    this.#changed.add(count)
    if (this.#timer === undefined) this.#schedule()
  }

  /** Stores every change made so far; rejects where the store fails, and then keeps them. */
  async flush(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing.catch(() => undefined)
    if (this.#changed.size === 0) return
    this.#flushing = this.#writeChanges()
    try {
      await this.#flushing
    } finally {
      this.#flushing = undefined
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.flush()
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.flush().catch((thrown: unknown) => {
        this.#onFault(toFault(thrown))
        if (this.#timer === undefined) this.#schedule()
      })
    }, this.#delay)
    this.#timer.unref()
  }

  async #writeChanges(): Promise<void> {
    const changed = [...this.#changed]
    for (let from = 0; from < changed.length; from += batchSize)
      await this.#writeBatch(changed.slice(from, from + batchSize))
    await this.#deleteOld()
  }

  async #writeBatch(counts: readonly QuotaCount[]): Promise<void> {
    const usages = counts.map(({ key, policy, periodStart, unsaved }) => ({
      key,
      policy,
      periodStart,
      used: unsaved,
    }))
    await this.#store.addBatch(usages)
    for (const [index, count] of counts.entries()) {
      // Requests went on counting while the store wrote.
      count.unsaved -= usages[index]?.used ?? 0
      if (count.unsaved === 0) this.#changed.delete(count)
    }
    if (this.#changed.size > 0 && this.#timer === undefined) this.#schedule()
  }

  async #deleteOld(): Promise<void> {
    const now = this.#clock.now()
    if (Math.abs(now - this.#deletedAt) < dayMilliseconds) return
    await this.#store.deleteBefore(now - keptMilliseconds)
    this.#deletedAt = now
  }
}
