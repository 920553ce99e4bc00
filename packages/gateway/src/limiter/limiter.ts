import type { LimitStanding } from '../exchange/limit-standing.ts'

/** A rate or quota, compiled. */
export interface LimitPolicy {
  /** Shown in `RateLimit-Policy`; a name of bounded variety. */
  readonly name: string
  readonly algorithm: 'token-bucket' | 'sliding-window' | 'calendar'
  /** Units per window. */
  readonly limit: number
  /** Milliseconds; for `calendar` the longest the period can be. */
  readonly window: number
  /** Units a token bucket may hold; equals `limit` for the others. */
  readonly burst: number
  /** For `calendar`: quotas by UTC day or month, which survive a restart. */
  readonly period: 'day' | 'month' | undefined
}

/**
 * Counts. Laws (run on every adapter): the sum of what is allowed in any window never exceeds the policy's stated
 * bound; a refused take costs nothing; two keys never touch each other; time that goes back gives nothing away;
 * memory is bounded whatever keys come.
 */
export interface Limiter extends AsyncDisposable {
  /** Takes `cost` units for `key`; a standing with `allowed: false` took none. */
  take(key: string, policy: LimitPolicy, cost: number): LimitStanding | Promise<LimitStanding>
  /** Takes one of `limit` concurrent slots for `key`; returns how to give it back, or `undefined` where none is free. */
  enter(key: string, limit: number): (() => void) | undefined
}
