import type { LimitStanding } from '../exchange/limit-standing.ts'
import { toWholeSeconds, type Counters } from './counters.ts'
import type { LimitPolicy } from './limiter.ts'

// Sums of fractions of a millisecond are off by far less than this, and no bucket gains a unit by it.
const tolerance = 1e-6

/**
 * Token buckets, each one number: the time at which it will be full again (the theoretical arrival time of the
 * generic cell rate algorithm, ITU-T I.371). A bucket whose time has passed is full, so forgetting it is free.
 * Any window sees at most `burst + limit` units allowed.
 */
export class TokenBuckets implements Counters {
  #fullAt = new Float64Array(0)

  grow(capacity: number): void {
    const grown = new Float64Array(capacity)
    grown.set(this.#fullAt)
    this.#fullAt = grown
  }

  clear(row: number): void {
    this.#fullAt[row] = 0
  }

  take(row: number, policy: LimitPolicy, cost: number, now: number): LimitStanding {
    const interval = policy.window / policy.limit
    const empty = now + policy.burst * interval
    // A bucket filled under a larger burst may be past empty; the smaller one holds no debt.
    const fullAt = Math.min(Math.max(now, this.#fullAt[row] as number), empty)
    const wanted = fullAt + Math.max(cost, 1) * interval
    const allowed = wanted <= empty + tolerance
    const after = allowed && cost > 0 ? wanted : fullAt
    this.#fullAt[row] = after
    return {
      policy: policy.name,
      limit: policy.limit,
      window: policy.window / 1_000,
      remaining: Math.max(0, Math.floor((empty - after + tolerance) / interval)),
      resetSeconds: toWholeSeconds(after - now),
      retrySeconds: allowed ? 0 : toWholeSeconds(Math.min(wanted - empty, fullAt - now)),
      allowed,
    }
  }

  isIdle(row: number, now: number): boolean {
    return (this.#fullAt[row] as number) <= now
  }
}
