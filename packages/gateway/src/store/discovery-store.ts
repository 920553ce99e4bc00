import type { Awaitable } from './awaitable.ts'

/** How many different values of one declared field were seen in one operation, or how many of them one detector found. */
export interface DiscoveryCount {
  readonly api: string
  readonly operation: string
  readonly way: 'request' | 'response'
  /** A JSON Pointer into the contract. */
  readonly place: string
  /** The detector's id; empty: all values that were seen. */
  readonly detector: string
  readonly count: number
}

/**
 * What was counted in sampled traffic; never a value.
 *
 * The laws (discovery-store.contract.ts, run on every adapter):
 * - counts of the same field, operation and detector add up, whichever process they come from;
 * - `list` gives those of one API, 20,000 at the most;
 * - `clear` forgets those of one API and no others.
 */
export interface DiscoveryStore {
  addBatch(counts: readonly DiscoveryCount[]): Awaitable<void>
  list(api: string): Awaitable<readonly DiscoveryCount[]>
  clear(api: string): Awaitable<void>
}
