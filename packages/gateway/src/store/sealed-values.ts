import type { Awaitable } from './awaitable.ts'

/**
 * The sealed values of a store, whatever table they are in: what is known to be under a key, and how it comes from under it.
 *
 * The laws (sealed-values.contract.ts, run on every adapter):
 * - `countByKey` counts every sealed value under the key it names, and knows nothing of values that are not sealed;
 * - `reseal` puts values under the active key that are under another, at most about `limit` of them, and leaves what they
 *   say; called until it returns 0 it leaves none, also where it was broken off in between;
 * - what others write meanwhile is not lost.
 */
export interface SealedValues {
  countByKey(): Awaitable<ReadonlyMap<string, number>>
  /** Returns how many values it has sealed anew. */
  reseal(limit: number): Awaitable<number>
}
