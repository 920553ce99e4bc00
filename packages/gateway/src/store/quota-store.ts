import type { Awaitable } from './awaitable.ts'

/**
 * What daily and monthly quotas have used, kept so that it survives a restart. One count belongs to one key, one
 * policy and one period; a period is named by its start.
 *
 * The laws (quota-store.contract.ts, run on every adapter):
 * - what was never counted reads as 0;
 * - a batch is added to what is there, wholly or not at all, also when one batch names a count twice;
 * - keys, policies and periods never touch each other, whatever characters they hold;
 * - what was added is there after the store was closed and opened again;
 * - `deleteBefore` forgets exactly the periods that began earlier.
 */
export interface QuotaStore {
  /** Units used; `periodStart` in milliseconds since the Unix epoch. */
  read(key: string, policy: string, periodStart: number): Awaitable<number>
  /** Adds units to many counts at once; a limiter calls it every so often, not for every request. */
  addBatch(usages: readonly QuotaUsage[]): Awaitable<void>
  /** Forgets all periods that began before `periodStart`, milliseconds since the Unix epoch. */
  deleteBefore(periodStart: number): Awaitable<void>
}

/** Units that one key used of one policy since the last batch. */
export interface QuotaUsage {
  readonly key: string
  readonly policy: string
  /** Milliseconds since the Unix epoch. */
  readonly periodStart: number
  /** Units to add, a whole number of at least 0. */
  readonly used: number
}
