import type { LimitStanding } from '../exchange/limit-standing.ts'

/** A rate or quota, compiled. */
export interface LimitPolicy {
  /** Shown in `RateLimit-Policy`; a name of bounded variety. */
  readonly name: string
  /** Policies of one family count together: a tier whose rate is changed keeps what was counted. */
  readonly family: string
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

/** A key and how much of a limit it has used, for those who watch limits. */
export interface LimitUse {
  readonly policy: string
  readonly key: string
  /** Units; for a token bucket the burst. */
  readonly limit: number
  readonly remaining: number
}

/**
 * Counts. Laws (run on every adapter): the sum of what is allowed in any window never exceeds the policy's stated
 * bound (`boundOf`); a refused take costs nothing; two keys never touch each other; time that goes back gives
 * nothing away; memory is bounded whatever keys come.
 */
export interface Limiter extends AsyncDisposable {
  /**
   * Takes `cost` units for `key`; a standing with `allowed: false` took none. A cost of 0 takes nothing and tells
   * whether a single unit would be allowed. Throws or rejects where counts cannot be had.
   */
  take(key: string, policy: LimitPolicy, cost: number): LimitStanding | Promise<LimitStanding>
  /** Takes one of `limit` concurrent slots for `key`; returns how to give it back, or `undefined` where none is free. */
  enter(key: string, limit: number): (() => void) | undefined
  /** The keys that have used the largest share of a limit, most used first; at most `max` (and at most 1000). */
  describe(max: number): readonly LimitUse[]
}

/** The most units that any stretch of time as long as the window (for `calendar`: any period) can see allowed. */
export function boundOf(policy: LimitPolicy): number {
  return policy.algorithm === 'token-bucket' ? policy.burst + policy.limit : policy.limit
}
