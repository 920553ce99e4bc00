import { createHash } from 'node:crypto'
import { systemClock, type Clock, type Fault } from '@gateward/kernel'
import type { LimitStanding } from '../exchange/limit-standing.ts'
import type { QuotaStore } from '../store/quota-store.ts'
import { CalendarQuotas } from './calendar-quotas.ts'
import { ConcurrencySlots } from './concurrency-slots.ts'
import { KeyTable } from './key-table.ts'
import type { Limiter, LimitPolicy, LimitUse } from './limiter.ts'
import { QuotaJournal } from './quota-journal.ts'
import { SlidingWindows } from './sliding-windows.ts'
import { TokenBuckets } from './token-buckets.ts'

/** What a limiter in memory is made of. */
export interface MemoryLimiterOptions {
  /** Where daily and monthly quotas are kept. */
  readonly quotas: QuotaStore
  readonly clock?: Clock
  /** Keys of their own per policy family; what comes beyond shares strict counters. */
  readonly maxKeys?: number
  /** Milliseconds after which a quota's change is stored; what a crash can lose. */
  readonly writeDelay?: number
  /** Hears of a quota store that failed; the changes are kept and tried again. */
  readonly onFault?: (fault: Fault) => void
}

const longestKey = 200
const maximumDescribed = 1_000

/** Makes the limiter of a single process: rates are counted in memory, quotas also in the store. */
export function createMemoryLimiter(options: MemoryLimiterOptions): Limiter {
  return new MemoryLimiter(options)
}

class MemoryLimiter implements Limiter {
  readonly #clock: Clock
  readonly #maxKeys: number
  readonly #journal: QuotaJournal
  readonly #slots = new ConcurrencySlots()
  readonly #tables = new Map<string, KeyTable>()
  readonly #quotas = new Map<string, CalendarQuotas>()
  #latest = 0

  constructor(options: MemoryLimiterOptions) {
    this.#clock = options.clock ?? systemClock
    this.#maxKeys = options.maxKeys ?? 100_000
    const ignore = (): void => undefined
    this.#journal = new QuotaJournal(
      options.quotas,
      this.#clock,
      options.writeDelay ?? 1_000,
      options.onFault ?? ignore,
    )
  }

  take(key: string, policy: LimitPolicy, cost: number): LimitStanding | Promise<LimitStanding> {
    const bounded = key.length <= longestKey ? key : toDigest(key)
    if (policy.algorithm === 'calendar')
      return this.#findQuotas(policy).take(bounded, policy, cost, this.#clock.now())
    return this.#findTable(policy).take(bounded, policy, cost, this.#tick())
  }

  enter(key: string, limit: number): (() => void) | undefined {
    return this.#slots.enter(key, limit)
  }

  describe(max: number): readonly LimitUse[] {
    const uses: LimitUse[] = []
    const most = Math.min(max, maximumDescribed)
    const tell = (use: LimitUse): void => keepMostUsed(uses, use, most)
    for (const table of this.#tables.values()) table.describe(this.#tick(), tell)
    for (const quotas of this.#quotas.values()) quotas.describe(tell)
    return uses.sort((left, right) => shareLeft(left) - shareLeft(right)).slice(0, most)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#journal[Symbol.asyncDispose]()
  }

  /** A clock that is turned back stands still here. */
  #tick(): number {
    const tick = this.#clock.tick()
    if (tick > this.#latest) this.#latest = tick
    return this.#latest
  }

  #findTable(policy: LimitPolicy): KeyTable {
    const found = this.#tables.get(policy.family)
    if (found !== undefined) return found
    this.#forgetUnusedTables()
    const create =
      policy.algorithm === 'token-bucket' ? () => new TokenBuckets() : () => new SlidingWindows(policy.window)
    const table = new KeyTable(create, this.#maxKeys)
    this.#tables.set(policy.family, table)
    return table
  }

  #findQuotas(policy: LimitPolicy): CalendarQuotas {
    const found = this.#quotas.get(policy.family)
    if (found !== undefined) return found
    this.#forgetStoredQuotas()
    const quotas = new CalendarQuotas(policy, this.#journal, this.#maxKeys)
    this.#quotas.set(policy.family, quotas)
    return quotas
  }

  /** After reloads some families may be gone from the configuration; what can be forgotten without loss is. */
  #forgetUnusedTables(): void {
    const now = this.#tick()
    for (const [family, table] of this.#tables) if (table.isIdle(now)) this.#tables.delete(family)
  }

  #forgetStoredQuotas(): void {
    for (const [family, quotas] of this.#quotas) if (quotas.isStored()) this.#quotas.delete(family)
  }
}

function toDigest(key: string): string {
  // Keys of guards begin with the name of what they count by, so none can be made to look like a digest.
  return `sha256 ${createHash('sha256').update(key).digest('base64url')}`
}

function keepMostUsed(uses: LimitUse[], use: LimitUse, most: number): void {
  if (use.remaining === use.limit) return
  uses.push(use)
  if (uses.length < most * 2 + 16) return
  uses.sort((left, right) => shareLeft(left) - shareLeft(right))
  uses.length = most
}

function shareLeft(use: LimitUse): number {
  return use.remaining / use.limit
}
