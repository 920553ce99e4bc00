import type { Secret } from '@gateward/kernel'
import type { KeyObject } from 'node:crypto'
import type { Awaitable } from './awaitable.ts'

/**
 * Keys of what is encrypted in bulk, such as a file of records: each is a sealed value itself, so that a rotation of the
 * store's key moves these few and none of what they encrypted.
 *
 * The laws (content-key-store.contract.ts, run on every adapter):
 * - a key is made when it is first asked for, and is the same ever after, also after a restart and under another key of the
 *   store; of several who ask at once all get the same;
 * - names never touch each other, whatever characters they hold;
 * - a key that was removed cannot be had again: under its name there is another one.
 */
export interface ContentKeyStore {
  /** The key of a name; `undefined` where there is none. */
  find(name: string): Awaitable<Secret<KeyObject> | undefined>
  /** As {@link ContentKeyStore.find}, made of so many random bytes where there is none. */
  provide(name: string, bytes: number): Awaitable<Secret<KeyObject>>
  remove(name: string): Awaitable<void>
}
