import type { Awaitable } from './awaitable.ts'

/**
 * What traffic was like, in steps of time: each row counts what one name of one dimension did in one step.
 *
 * The laws (history-store.contract.ts, run on every adapter):
 * - what was added is read back, also after the store was opened again;
 * - adding to a row that is there adds every count, and merges the latencies with the given function;
 * - a batch is added wholly or not at all;
 * - steps, dimensions and names never touch each other, whatever characters they hold;
 * - `read` answers the rows of one step and dimension that begin in `[from, to)`, oldest first, then by name;
 * - `sum` adds those rows up by name and answers the largest first, latencies merged;
 * - `fold` keeps the largest names of a step's moment and adds the rest to `(other)`: no count changes in total;
 * - `deleteBefore` forgets exactly the rows of one step that began earlier;
 * - `trim` keeps at most so many rows of one step, and forgets the oldest moments whole.
 */
export interface HistoryStore {
  addBatch(rows: readonly RollupRow[]): Awaitable<void>
  read(range: RollupRange & { readonly name?: string | undefined }): Awaitable<readonly RollupRow[]>
  sum(range: RollupRange & { readonly limit: number }): Awaitable<readonly Rollup[]>
  fold(step: RollupStep, start: number, dimension: RollupDimension, keep: number): Awaitable<void>
  deleteBefore(step: RollupStep, start: number): Awaitable<void>
  trim(step: RollupStep, rows: number): Awaitable<void>
}

/** The length of a step in seconds. */
export type RollupStep = 1 | 60 | 3600

/** By what traffic is counted; `all` has one name, the empty one. */
export type RollupDimension = 'all' | 'api' | 'operation' | 'guard' | 'consumer' | 'country' | 'address'

export interface RollupRange {
  readonly step: RollupStep
  readonly dimension: RollupDimension
  /** Milliseconds since the Unix epoch: from this one on, before that one. */
  readonly from: number
  readonly to: number
}

/** Counts of one name. */
export interface Rollup {
  readonly name: string
  /** Exchanges; for a guard: its refusals, in shadow too. */
  readonly requests: number
  /** Of these, refused by the gateway; for a guard: refused in `enforce`. */
  readonly refused: number
  /** By class of status; what has no status was broken off before its answer. */
  readonly status2xx: number
  readonly status3xx: number
  readonly status4xx: number
  readonly status5xx: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** A latency sketch; `undefined` where the dimension has none. */
  readonly latency: Uint8Array | undefined
}

export interface RollupRow extends Rollup {
  readonly step: RollupStep
  readonly start: number
  readonly dimension: RollupDimension
}

/** The name under which the many small ones are counted. */
export const otherName = '(other)'
