import type { Kysely, Selectable } from 'kysely'
import type { AuditPage, AuditRow, AuditSeal, AuditStore, SealedRow } from '../audit-store.ts'
import type { SqliteConnection } from './connection.ts'
import type { AuditSealTable, AuditTable, Schema } from './schema.ts'

/** The audit log in SQLite; every method answers at once. */
export class SqliteAuditStore implements AuditStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>) {
    this.#connection = connection
    this.#kysely = kysely
  }

  append({ row, seal }: SealedRow): boolean {
    // The transaction takes the write lock first, so that two processes never number two rows alike.
    return this.#connection.durableTransaction(() => {
      if (row.number !== (this.last()?.number ?? 0) + 1) return false
      this.#connection.run(this.#kysely.insertInto('audit').values(row).compile())
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
    if (actor !== undefined) query = query.where('actor', '=', actor)
    if (target !== undefined) query = query.where('target', '=', target)
    if (since !== undefined) query = query.where('at', '>=', since)
    if (until !== undefined) query = query.where('at', '<=', until)
    if (action?.endsWith('.') === true)
      query = query.where('action', '>=', action).where('action', '<', `${action.slice(0, -1)}/`)
    else if (action !== undefined) query = query.where('action', '=', action)
    return this.#connection.all(query.compile()).map(toRow)
  }

  read(from: number, limit: number): readonly AuditRow[] {
    const query = this.#kysely
      .selectFrom('audit')
      .selectAll()
      .where('number', '>=', from)
      .orderBy('number')
      .limit(Math.min(Math.max(limit, 1), maximumPage))
    return this.#connection.all(query.compile()).map(toRow)
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

  #addSeal({ keyId, ...seal }: AuditSeal): void {
    const row = { ...seal, key_id: keyId }
    this.#connection.run(this.#kysely.insertInto('audit_seal').values(row).compile())
  }
}

const maximumPage = 1_000

// Rows come without a prototype, unlike every other object.
function toRow(row: Selectable<AuditTable>): AuditRow {
  return { ...row }
}

function toSeal({ key_id: keyId, ...seal }: Selectable<AuditSealTable>): AuditSeal {
  return { ...seal, keyId }
}
