import type { DataKeyAlgorithm, DataKeyPurpose } from '../keyring/data-keys/purposes.ts'
import type { Awaitable } from './awaitable.ts'

/**
 * What is kept of data keys: their material only as the key-encryption key wrapped it.
 *
 * The laws (data-key-store.contract.ts, run on every adapter):
 * - a purpose has at most one active key: `succeed` makes the new one active and the one before decrypt-only, or does
 *   neither, and says no where another process was faster;
 * - a key goes from active to decrypt-only, between decrypt-only and retired, and from retired to destroyed; never else;
 * - a destroyed key has no material, and nothing brings it back;
 * - `restore` brings back a key that is not there: it decrypts, and is active only where it was and its purpose has none;
 * - messages are only ever added to, and two processes that add at once never see the same total;
 * - every change of state or wrapping is in the history, oldest first; nothing leaves it;
 * - `revision` differs after every change of a key's state or wrapping, also one that another process made, and not for
 *   counts;
 * - what a method promised is on the disk when it returns, and there after the store was opened again.
 */
export interface DataKeyStore {
  /** A number that is another one after every change of any key; cheap enough to ask many times a second. */
  revision(): Awaitable<number>
  /** All keys, oldest first. */
  list(): Awaitable<readonly DataKeyRecord[]>
  /**
   * Makes `record` the active key of its purpose in place of `predecessor` (`undefined`: there is none yet).
   * Returns false, and changes nothing, where another key is active.
   */
  succeed(record: DataKeyRecord, predecessor: string | undefined): Awaitable<boolean>
  /** Returns false where the key is not in a state from which it may come there. */
  setState(id: string, state: Exclude<DataKeyState, 'active'>, at: number): Awaitable<boolean>
  /** Puts the same material under another key-encryption key. Returns false where the key is destroyed or unknown. */
  rewrap(
    id: string,
    wrapping: { readonly wrapped: string; readonly kek: string },
    at: number,
  ): Awaitable<boolean>
  /** Returns false, and changes nothing, where there is a key with this id, whatever its state. */
  restore(record: DataKeyRecord, at: number): Awaitable<boolean>
  /** Adds to the messages of a key, notes when it was last used, and returns the new total; 0 where there is no such key. */
  addMessages(id: string, messages: number, usedAt: number | undefined): Awaitable<number>
  /** What happened to a key, or to all of them, oldest first. */
  history(id?: string): Awaitable<readonly DataKeyEvent[]>
}

/**
 * `active` encrypts and decrypts; `decrypt-only` decrypts what was encrypted before; `retired` is kept and used for
 * nothing; `destroyed` is gone for ever, and with it whatever was encrypted under it.
 */
export type DataKeyState = 'active' | 'decrypt-only' | 'retired' | 'destroyed'

export interface DataKeyRecord {
  /** Public and stable: `dk_` and 12 letters and digits. */
  readonly id: string
  readonly purpose: DataKeyPurpose
  readonly algorithm: DataKeyAlgorithm
  readonly state: DataKeyState
  /** Times are milliseconds since the Unix epoch. */
  readonly createdAt: number
  /** When the state was last set. */
  readonly changedAt: number
  /** When something was last encrypted or decrypted under it, to a minute; `undefined` where nothing was. */
  readonly usedAt: number | undefined
  /** Messages encrypted, or about to be: a process reserves some before it uses them. */
  readonly messages: number
  /** The material as the key-encryption key wrapped it; `undefined` where it was destroyed. */
  readonly wrapped: string | undefined
  /** Which key-encryption key that was. */
  readonly kek: string
  /** Of a key that signs: its public half (SPKI, base64), which outlives it; else `undefined`. */
  readonly publicKey: string | undefined
}

export interface DataKeyEvent {
  readonly keyId: string
  readonly at: number
  readonly kind: 'created' | 'restored' | 'rewrapped' | Exclude<DataKeyState, 'active'>
}
