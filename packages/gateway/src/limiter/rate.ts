import { formatDuration } from '@gateward/kernel'
import type { LimitPolicy } from './limiter.ts'

/** A rate as it is written in configuration: `60/min`, `100/15min`, `10/s burst 20`, `10000/day`, `300000/month`. */
export interface Rate {
  /** Units per window. */
  readonly limit: number
  /** Milliseconds; for a month the longest one. */
  readonly window: number
  /** Whether the window is exactly one calendar day or month, so that it can be a quota. */
  readonly period: 'day' | 'month' | undefined
  /** What a token bucket holds, where it is written. */
  readonly burst: number | undefined
}

const unitMilliseconds = {
  s: 1_000,
  min: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  month: 31 * 86_400_000,
} as const
type Unit = keyof typeof unitMilliseconds

/** Reads a rate; `undefined` where the text is none, or allows nothing at all. */
export function parseRate(text: string): Rate | undefined {
  const match = /^(\d{1,9})\/(\d{1,3})?(s|min|hour|day|month)(?: burst (\d{1,9}))?$/.exec(text)
  if (match === null) return undefined
  const limit = Number(match[1])
  const count = match[2] === undefined ? 1 : Number(match[2])
  const unit = match[3] as Unit
  const burst = match[4] === undefined ? undefined : Number(match[4])
  if (limit === 0 || count === 0 || burst === 0) return undefined
  return {
    limit,
    window: count * unitMilliseconds[unit],
    period: count === 1 && (unit === 'day' || unit === 'month') ? unit : undefined,
    burst,
  }
}

/** The algorithms for rates; without one, a rate with a burst is a token bucket and any other a sliding window. */
export type RateAlgorithm = 'sliding-window' | 'token-bucket'

/** Compiles a rate to the policy `name`; what else counts in `family` counts together with it. */
export function toRatePolicy(
  rate: Rate,
  name: string,
  family: string,
  algorithm: RateAlgorithm = rate.burst === undefined ? 'sliding-window' : 'token-bucket',
): LimitPolicy {
  return {
    name,
    family: `${family}/${algorithm}/${formatDuration(rate.window)}`,
    algorithm,
    limit: rate.limit,
    window: rate.window,
    burst: algorithm === 'token-bucket' ? (rate.burst ?? rate.limit) : rate.limit,
    period: undefined,
  }
}

/** Compiles a quota of a calendar day or month (UTC) to the policy `name`. */
export function toQuotaPolicy(
  quota: Rate & { readonly period: 'day' | 'month' },
  name: string,
  family: string,
): LimitPolicy {
  return {
    name,
    family: `${family}/${quota.period}`,
    algorithm: 'calendar',
    limit: quota.limit,
    window: quota.window,
    burst: quota.limit,
    period: quota.period,
  }
}
