import type { LimitStanding } from '../exchange/limit-standing.ts'
import type { LimitPolicy } from './limiter.ts'

/** Counters of one family in numbered rows, all in typed arrays: a key costs bytes, not objects. */
export interface Counters {
  /** Makes room for rows below `capacity`; existing ones are kept. */
  grow(capacity: number): void
  /** Makes a row as new. */
  clear(row: number): void
  /** Takes `cost` units at `now` (milliseconds of a clock that never goes back). */
  take(row: number, policy: LimitPolicy, cost: number, now: number): LimitStanding
  /** Whether forgetting the row would give nothing away. */
  isIdle(row: number, now: number): boolean
}

/** Milliseconds as whole seconds, rounded up, at least 1. */
export function toWholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1_000))
}
