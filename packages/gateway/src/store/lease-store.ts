import type { Awaitable } from './awaitable.ts'

/**
 * Who may do a thing that only one process should do at a time. A lease ends by itself, so that a process that dies
 * with it stops nobody for long.
 *
 * The laws (lease-store.contract.ts, run on every adapter):
 * - a lease has one holder at a time; its holder may take it again, which prolongs it;
 * - another one may take it from the moment at which it ends, and not before;
 * - only the holder can release it, and then anyone may take it.
 */
export interface LeaseStore {
  /**
   * Takes a lease if it is free, ended or one's own, and says whether it did.
   * @param now milliseconds since the Unix epoch, like `until`
   */
  take(name: string, holder: string, now: number, until: number): Awaitable<boolean>
  release(name: string, holder: string): Awaitable<void>
}
