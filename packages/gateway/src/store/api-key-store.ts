import type { Awaitable } from './awaitable.ts'

/**
 * What is kept of API keys. A key itself is kept nowhere: a record is found by the keyed hash of what was shown.
 *
 * The laws (api-key-store.contract.ts, run on every adapter):
 * - a record that was inserted is found, whole, by its hash and by its id, also after the store was opened again;
 * - two records never share a hash or an id: the second insert throws and changes nothing;
 * - a revoked key stays revoked, whatever is asked afterwards;
 * - `succeed` adds the successor and shortens the predecessor's life, or does neither; it never lengthens a life;
 * - `revision` differs after every change, also one that another process made, and never while nothing changes;
 * - what a method promised is on the disk when it returns.
 */
export interface ApiKeyStore {
  /** A number that is another one after every change of any record; cheap enough to ask many times a second. */
  revision(): Awaitable<number>
  findByHash(hash: string): Awaitable<ApiKeyRecord | undefined>
  findById(id: string): Awaitable<ApiKeyRecord | undefined>
  /** Records from the oldest on, at most `limit` (1 to 1000) of them. */
  list(page: ApiKeyPage): Awaitable<readonly ApiKeyRecord[]>
  insert(record: ApiKeyRecord): Awaitable<void>
  /** Returns false where there is no such key or it is revoked. */
  setState(id: string, state: ApiKeyState, at: number): Awaitable<boolean>
  /**
   * Inserts `successor`, and lets the key `id` end at `endsAt` (milliseconds since the Unix epoch) or when it would
   * have ended anyway, whichever is earlier. Returns false, and inserts nothing, where that key is not active.
   */
  succeed(id: string, endsAt: number, successor: ApiKeyRecord): Awaitable<boolean>
}

export type ApiKeyState = 'active' | 'disabled' | 'revoked'

export interface ApiKeyRecord {
  /** Public and stable: `key_` and 16 letters and digits. */
  readonly id: string
  /** HMAC-SHA-256 of the whole key under the pepper, base64url. */
  readonly hash: string
  /** What people may see of the key, such as `gw_test_7Hk2…`. */
  readonly display: string
  readonly environment: string
  readonly consumer: string
  readonly label: string
  readonly tier: string | undefined
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
  readonly attributes: Readonly<Record<string, unknown>>
  readonly state: ApiKeyState
  /** Times are milliseconds since the Unix epoch. */
  readonly createdAt: number
  readonly expiresAt: number
  /** When the state was last set. */
  readonly changedAt: number
  /** The id of the key that took its place, where it was rotated. */
  readonly successor: string | undefined
}

export interface ApiKeyPage {
  readonly limit: number
  /** Only keys of this consumer. */
  readonly consumer?: string | undefined
  /** The last record of the page before. */
  readonly after?: Pick<ApiKeyRecord, 'createdAt' | 'id'> | undefined
}
