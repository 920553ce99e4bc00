import type { LimitStanding } from '../exchange/limit-standing.ts'
import { toWholeSeconds, type Counters } from './counters.ts'
import type { LimitPolicy } from './limiter.ts'

/** Slices that one window is divided into. */
const slices = 31
/** A window of any position touches this many slices. */
const slots = slices + 1

/**
 * Sliding windows over a ring of slices. The slice in which a window begins counts whole, so that **no** window,
 * wherever it begins, sees more than the limit; the price is that a unit comes back up to 1/31 of a window late.
 * (The usual two weighted counters allow up to twice the limit to those who know when the counters turn.)
 */
export class SlidingWindows implements Counters {
  readonly #slice: number
  #counts = new Uint32Array(0)
  #totals = new Float64Array(0)
  /** The newest slice of each row, counted from the clock's origin. */
  #heads = new Float64Array(0)

  /** @param window milliseconds, the same for all policies of the family */
  constructor(window: number) {
    this.#slice = window / slices
  }

  grow(capacity: number): void {
    const counts = new Uint32Array(capacity * slots)
    counts.set(this.#counts)
    this.#counts = counts
    const totals = new Float64Array(capacity)
    totals.set(this.#totals)
    this.#totals = totals
    const heads = new Float64Array(capacity)
    heads.set(this.#heads)
    this.#heads = heads
  }

  clear(row: number): void {
    this.#counts.fill(0, row * slots, (row + 1) * slots)
    this.#totals[row] = 0
    this.#heads[row] = 0
  }

  take(row: number, policy: LimitPolicy, cost: number, now: number): LimitStanding {
    const head = this.#turn(row, Math.floor(now / this.#slice))
    const used = this.#totals[row] as number
    const wanted = Math.max(cost, 1)
    const allowed = used + wanted <= policy.limit
    if (allowed && cost > 0) {
      this.#counts[row * slots + (head % slots)] = this.#countAt(row, head) + cost
      this.#totals[row] = used + cost
    }
    const after = this.#totals[row] as number
    return {
      policy: policy.name,
      limit: policy.limit,
      window: policy.window / 1_000,
      remaining: Math.max(0, policy.limit - after),
      resetSeconds: toWholeSeconds(this.#emptyAt(row, head, now) - now),
      retrySeconds: allowed ? 0 : toWholeSeconds(this.#roomAt(row, head, used + wanted - policy.limit) - now),
      allowed,
    }
  }

  isIdle(row: number, now: number): boolean {
    return Math.floor(now / this.#slice) - (this.#heads[row] as number) >= slots
  }

  /** Empties the slices that have left the window; returns the newest slice. */
  #turn(row: number, slice: number): number {
    const head = this.#heads[row] as number
    if (slice <= head) return head
    this.#heads[row] = slice
    if (slice - head >= slots) {
      if (this.#totals[row] !== 0) this.#counts.fill(0, row * slots, (row + 1) * slots)
      this.#totals[row] = 0
      return slice
    }
    for (let passed = head + 1; passed <= slice; passed++) {
      const index = row * slots + (passed % slots)
      this.#totals[row] = (this.#totals[row] as number) - (this.#counts[index] as number)
      this.#counts[index] = 0
    }
    return slice
  }

  #countAt(row: number, slice: number): number {
    return this.#counts[row * slots + (slice % slots)] as number
  }

  /** When the last unit will have left the window. */
  #emptyAt(row: number, head: number, now: number): number {
    if (this.#totals[row] === 0) return now
    let newest = head
    while (this.#countAt(row, newest) === 0) newest--
    return this.#leavesAt(newest)
  }

  /** When `excess` units will have left the window; for more than there are, when the last will have. */
  #roomAt(row: number, head: number, excess: number): number {
    let left = 0
    for (let slice = head - slices; slice < head; slice++) {
      // A clock near its origin has no slices before it.
      if (slice >= 0) left += this.#countAt(row, slice)
      if (left >= excess) return this.#leavesAt(slice)
    }
    return this.#leavesAt(head)
  }

  #leavesAt(slice: number): number {
    return (slice + slots) * this.#slice
  }
}
