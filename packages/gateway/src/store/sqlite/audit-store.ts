import { toFault } from '@gateward/kernel'
import type { Kysely, Selectable } from 'kysely'
import type { BlindIndex } from '../../keyring/crypto/blind-index.ts'
import type { Sealing } from '../../keyring/sealing/sealing.ts'
import type { AuditPage, AuditRow, AuditSeal, AuditStore, SealedRow } from '../audit-store.ts'
import type { SqliteConnection } from './connection.ts'
import { RowSealing } from './row-sealing.ts'
import type { AuditSealTable, AuditTable, Schema } from './schema.ts'

/**
 * The audit log in SQLite; every method answers at once. Who did what to whom is sealed; the chain of hashes is over what
 * was said, so that it stays the same when rows are sealed anew under another key.
 */
export class SqliteAuditStore implements AuditStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>
  readonly #rows: RowSealing
  readonly #actors: BlindIndex
  readonly #targets: BlindIndex

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>, sealing: Sealing) {
    this.#connection = connection
    this.#kysely = kysely
    this.#rows = RowSealing.of(sealing, 'audit')
    this.#actors = sealing.index('audit', 'actor_key')
    this.#targets = sealing.index('audit', 'target_key')
  }

  append({ row, seal }: SealedRow): boolean {
    const sealed = {
      ...this.#rows.seal(row),
      actor_key: this.#actors.of(row.actor),
      target_key: this.#targets.of(row.target),
    }
    // The transaction takes the write lock first, so that two processes never number two rows alike.
    return this.#connection.durableTransaction(() => {
      if (row.number !== this.#lastNumber() + 1) return false
      this.#connection.run(this.#kysely.insertInto('audit').values(sealed).compile())
      if (seal !== undefined) this.#addSeal(seal)
      return true
    })
  }

  last(): AuditRow | undefined {
    return this.list({ limit: 1 })[0]
  }

  list({ limit, before, actor, action, target, since, until }: AuditPage): readonly AuditRow[] {
    let query = this.#kysely
      .selectFrom('audit')
      .selectAll()
      .orderBy('number', 'desc')
      .limit(Math.min(Math.max(limit, 1), maximumPage))
    if (before !== undefined) query = query.where('number', '<', before)
    if (actor !== undefined) query = query.where('actor_key', '=', this.#actors.of(actor))
    if (target !== undefined) query = query.where('target_key', '=', this.#targets.of(target))
    if (since !== undefined) query = query.where('at', '>=', since)
    if (until !== undefined) query = query.where('at', '<=', until)
    if (action?.endsWith('.') === true)
      query = query.where('action', '>=', action).where('action', '<', `${action.slice(0, -1)}/`)
    else if (action !== undefined) query = query.where('action', '=', action)
    return this.#connection.all(query.compile()).map((row) => this.#toRow(row))
  }

  read(from: number, limit: number): readonly AuditRow[] {
    const query = this.#kysely
      .selectFrom('audit')
      .selectAll()
      .where('number', '>=', from)
      .orderBy('number')
      .limit(Math.min(Math.max(limit, 1), maximumPage))
    return this.#connection.all(query.compile()).map((row) => this.#toRow(row))
  }

  seals(from: number, limit: number): readonly AuditSeal[] {
    const query = this.#kysely
      .selectFrom('audit_seal')
      .selectAll()
      .where('number', '>=', from)
      .orderBy('number')
      .limit(Math.min(Math.max(limit, 1), maximumPage))
    return this.#connection.all(query.compile()).map(toSeal)
  }

  lastSeal(): AuditSeal | undefined {
    const query = this.#kysely.selectFrom('audit_seal').selectAll().orderBy('number', 'desc').limit(1)
    const row = this.#connection.get(query.compile())
    return row === undefined ? undefined : toSeal(row)
  }

  #lastNumber(): number {
    const query = this.#kysely.selectFrom('audit').select(({ fn }) => fn.max('number').as('last'))
    return this.#connection.get(query.compile())?.last ?? 0
  }

  #toRow({ number, at, actor, action, target, body, hash }: Selectable<AuditTable>): AuditRow {
    const row: AuditRow = { number, at, actor, action, target, body, hash }
    try {
      return this.#rows.open(row)
    } catch (thrown) {
      // What is not as it was sealed is shown as it stands: that somebody changed it is for the check of the chain to say.
      if (!changed.has(toFault(thrown).code)) throw thrown
      return row
    }
  }

  #addSeal({ keyId, ...seal }: AuditSeal): void {
    const row = { ...seal, key_id: keyId }
    this.#connection.run(this.#kysely.insertInto('audit_seal').values(row).compile())
  }
}

// A key that was retired too early is another matter, and comes back by `keyring reinstate`.
const changed: ReadonlySet<string> = new Set(['ENVELOPE_UNREADABLE', 'DATA_KEY_UNKNOWN'])

const maximumPage = 1_000

function toSeal({ key_id: keyId, ...seal }: Selectable<AuditSealTable>): AuditSeal {
  return { ...seal, keyId }
}
