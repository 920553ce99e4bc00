import type { Awaitable } from './awaitable.ts'

/**
 * The audit log's rows: they are added, and never changed or removed.
 *
 * The laws (audit-store.contract.ts, run on every adapter):
 * - rows are numbered from 1 without a gap, whoever adds them and however many processes do it at once;
 * - `append` adds a row and its seal wholly or not at all, and only as the next number; both are on the disk when it returns;
 * - a row that was added can be neither changed nor removed through the store;
 * - `list` gives the newest first, `read` the oldest first.
 */
export interface AuditStore {
  /** Adds a row that follows the last one; false where another one was added meanwhile, and nothing is done. */
  append(sealed: SealedRow): Awaitable<boolean>
  last(): Awaitable<AuditRow | undefined>
  /** Rows for people: the newest first, at most `limit` (1 to 1000). */
  list(page: AuditPage): Awaitable<readonly AuditRow[]>
  /** Rows for a check: from the number `from` on, the oldest first, at most `limit` (1 to 1000). */
  read(from: number, limit: number): Awaitable<readonly AuditRow[]>
  /** Seals for a check: from the number `from` on, the oldest first, at most `limit` (1 to 1000). */
  seals(from: number, limit: number): Awaitable<readonly AuditSeal[]>
  lastSeal(): Awaitable<AuditSeal | undefined>
}

/** One row as it is kept: columns to search by, and the text that the hash is of. */
export interface AuditRow {
  /** From 1, without a gap. */
  readonly number: number
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  readonly actor: string
  readonly action: string
  readonly target: string
  /** The whole event as canonical JSON (RFC 8785), with `number` and the hash of the row before. */
  readonly body: string
  /** SHA-256 of `body`, hexadecimal. */
  readonly hash: string
}

/** A row with the signature of the chain up to it; `undefined`: it could not be signed. */
export interface SealedRow {
  readonly row: AuditRow
  readonly seal: AuditSeal | undefined
}

/** A signature of the chain up to one row. */
export interface AuditSeal {
  readonly number: number
  /** Of the row with that number. */
  readonly hash: string
  readonly at: number
  readonly keyId: string
  /** Ed25519 (RFC 8032), base64url, over what `sealedBytes` makes of the row. */
  readonly signature: string
}

export interface AuditPage {
  readonly limit: number
  /** Only rows with a smaller number. */
  readonly before?: number | undefined
  readonly actor?: string | undefined
  /** An action, or with a dot at its end all that begin with it. */
  readonly action?: string | undefined
  readonly target?: string | undefined
  /** Milliseconds since the Unix epoch, both included. */
  readonly since?: number | undefined
  readonly until?: number | undefined
}
