import { Fault } from '@gateward/kernel'
import type { LimitStanding } from '../exchange/limit-standing.ts'
import { calendarPeriod, type CalendarPeriod } from './calendar-period.ts'
import { toWholeSeconds } from './counters.ts'
import type { LimitPolicy, LimitUse } from './limiter.ts'
import type { QuotaCount, QuotaJournal } from './quota-journal.ts'

const lookedAtWhenFull = 64

/**
 * Quotas of one family by calendar day or month (UTC). A key's count is read at its first use in a period and kept;
 * changes are journalled. Counts belong to their period, so a clock that goes back finds what was used then.
 */
export class CalendarQuotas {
  readonly #journal: QuotaJournal
  readonly #maxKeys: number
  #policy: LimitPolicy
  #period: CalendarPeriod = { start: 0, end: 0 }
  #counts = new Map<string, QuotaCount>()
  #reading = new Map<string, Promise<QuotaCount>>()
  /** Whether counts of a period that was left may still be unsaved, so that what the store says may be too little. */
  #unsettled = false

  constructor(policy: LimitPolicy, journal: QuotaJournal, maxKeys: number) {
    this.#policy = policy
    this.#journal = journal
    this.#maxKeys = maxKeys
  }

  /** How many counts are held. */
  get size(): number {
    return this.#counts.size
  }

  /** @param now milliseconds since the Unix epoch */
  take(key: string, policy: LimitPolicy, cost: number, now: number): LimitStanding | Promise<LimitStanding> {
    this.#policy = policy
    if (now < this.#period.start || now >= this.#period.end) this.#enterPeriod(now)
    const count = this.#counts.get(key) ?? this.#read(key)
    if (count instanceof Promise)
      return count.then((read) => this.#takeOnceRead(key, read, policy, cost, now))
    return this.#takeFrom(count, policy, cost, now)
  }

  /** Whether the store has every count, and none is being read, so that all can be read anew. */
  isStored(): boolean {
    if (this.#unsettled || this.#reading.size > 0) return false
    for (const { unsaved } of this.#counts.values()) if (unsaved > 0) return false
    return true
  }

  /** Tells of each key held, how it stands. */
  describe(tell: (use: LimitUse) => void): void {
    const { name, limit } = this.#policy
    for (const [key, { used }] of this.#counts)
      tell({ policy: name, key, limit, remaining: Math.max(0, limit - used) })
  }

  #takeOnceRead(
    key: string,
    read: QuotaCount,
    policy: LimitPolicy,
    cost: number,
    now: number,
  ): LimitStanding | Promise<LimitStanding> {
    // While the store was read the period may have turned, or the count been dropped again.
    if (this.#counts.get(key) === read) return this.#takeFrom(read, policy, cost, now)
    return this.take(key, policy, cost, Math.max(now, this.#period.start))
  }

  #takeFrom(count: QuotaCount, policy: LimitPolicy, cost: number, now: number): LimitStanding {
    const allowed = count.used + Math.max(cost, 1) <= policy.limit
    if (allowed && cost > 0) this.#journal.add(count, cost)
    const untilNext = toWholeSeconds(this.#period.end - now)
    return {
      policy: policy.name,
      limit: policy.limit,
      window: policy.window / 1_000,
      remaining: Math.max(0, policy.limit - count.used),
      resetSeconds: untilNext,
      retrySeconds: allowed ? 0 : untilNext,
      allowed,
    }
  }

  #enterPeriod(now: number): void {
    this.#period = calendarPeriod(this.#policy.period ?? 'month', now)
    this.#unsettled = this.#counts.size > 0 || this.#unsettled
    this.#counts = new Map()
    this.#reading = new Map()
  }

  /** Reads a count once, however many requests wait for it. */
  #read(key: string): QuotaCount | Promise<QuotaCount> {
    const waiting = this.#reading.get(key)
    if (waiting !== undefined) return waiting
    if (this.#reading.size >= this.#maxKeys) return Promise.reject(tooManyReads())
    const { start } = this.#period
    if (this.#unsettled || !this.#makeRoom()) return this.#wait(key, this.#readSettled(key, start))
    const used = this.#journal.read(key, this.#policy.family, start)
    return used instanceof Promise ? this.#wait(key, used) : this.#hold(key, used)
  }

  #wait(key: string, used: Promise<number>): Promise<QuotaCount> {
    const reading = this.#reading
    const { start } = this.#period
    const read = used.then((stored) => {
      // A count of a period that was left meanwhile is of no use to anyone but those who ask again.
      if (this.#period.start === start && this.#makeRoom()) return this.#hold(key, stored)
      return { key, policy: this.#policy.family, periodStart: start, used: stored, unsaved: 0 }
    })
    reading.set(key, read)
    const forget = (): void => void reading.delete(key)
    read.then(forget, forget)
    return read
  }

  async #readSettled(key: string, periodStart: number): Promise<number> {
    const period = this.#period
    await this.#journal.flush()
    if (this.#period === period) this.#unsettled = false
    return this.#journal.read(key, this.#policy.family, periodStart)
  }

  #hold(key: string, used: number): QuotaCount {
    // A period that was left and entered again may have been read twice; the count that is held is the right one.
    const held = this.#counts.get(key)
    if (held !== undefined) return held
    const count = { key, policy: this.#policy.family, periodStart: this.#period.start, used, unsaved: 0 }
    this.#counts.set(key, count)
    return count
  }

  /** Drops a count that the store has, where there are too many; false where no such count was found. */
  #makeRoom(): boolean {
    if (this.#counts.size < this.#maxKeys) return true
    let looked = 0
    for (const [key, { unsaved }] of this.#counts) {
      if (unsaved === 0) return this.#counts.delete(key)
      if (++looked === lookedAtWhenFull) return false
    }
    return false
  }
}

function tooManyReads(): Fault {
  return new Fault('QUOTA_STORE_BUSY', 'too many quota counts are being read at once', {
    source: 'gateway',
    retryable: true,
  })
}
