import { sql, type Insertable, type Kysely, type Selectable } from 'kysely'
import type { StatementSync } from 'node:sqlite'
import type { DataKeyEvent, DataKeyRecord, DataKeyState, DataKeyStore } from '../data-key-store.ts'
import type { SqliteConnection } from './connection.ts'
import { revisionQuery } from './revision.ts'
import type { DataKeyEventTable, DataKeyTable, Schema } from './schema.ts'

/** Data keys in SQLite; every method answers at once. */
export class SqliteDataKeyStore implements DataKeyStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>
  readonly #readRevision: StatementSync

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>) {
    this.#connection = connection
    this.#kysely = kysely
    this.#readRevision = connection.prepare(revisionQuery(kysely))
  }

  revision(): number {
    return Number(this.#readRevision.get('data_key')?.['value'])
  }

  list(): readonly DataKeyRecord[] {
    const query = this.#kysely.selectFrom('data_key').selectAll().orderBy('created_at').orderBy('id')
    return this.#connection.all(query.compile()).map(toRecord)
  }

  succeed(record: DataKeyRecord, predecessor: string | undefined): boolean {
    const at = record.createdAt
    return this.#connection.durableTransaction(() => {
      if (this.#activeOf(record.purpose) !== predecessor) return false
      // First the old one: no purpose may have two active keys, not even within this transaction.
      if (predecessor !== undefined) this.#change(predecessor, 'decrypt-only', ['active'], at)
      this.#connection.run(
        this.#kysely
          .insertInto('data_key')
          .values({ ...toRow(record), state: 'active' })
          .compile(),
      )
      this.#note({ key_id: record.id, at, kind: 'created' })
      return true
    })
  }

  setState(id: string, state: Exclude<DataKeyState, 'active'>, at: number): boolean {
    return this.#connection.durableTransaction(() => this.#change(id, state, comesFrom[state], at))
  }

  rewrap(
    id: string,
    { wrapped, kek }: { readonly wrapped: string; readonly kek: string },
    at: number,
  ): boolean {
    const query = this.#kysely
      .updateTable('data_key')
      .set({ wrapped, kek })
      .where('id', '=', id)
      .where('state', '!=', 'destroyed')
    return this.#connection.durableTransaction(() => {
      if (this.#connection.run(query.compile()) !== 1) return false
      this.#note({ key_id: id, at, kind: 'rewrapped' })
      return true
    })
  }

  restore(record: DataKeyRecord, at: number): boolean {
    return this.#connection.durableTransaction(() => {
      const known = this.#kysely.selectFrom('data_key').select('id').where('id', '=', record.id)
      if (this.#connection.get(known.compile()) !== undefined) return false
      const isActive = record.state === 'active' && this.#activeOf(record.purpose) === undefined
      const state = isActive ? 'active' : 'decrypt-only'
      const row = { ...toRow(record), state, changed_at: at } as const
      this.#connection.run(this.#kysely.insertInto('data_key').values(row).compile())
      this.#note({ key_id: record.id, at, kind: 'restored' })
      return true
    })
  }

  addMessages(id: string, messages: number, usedAt: number | undefined): number {
    const query = this.#kysely
      .updateTable('data_key')
      .set({
        messages: sql<number>`messages + ${messages}`,
        used_at: sql<number | null>`nullif(max(coalesce(used_at, -1), ${usedAt ?? -1}), -1)`,
      })
      .where('id', '=', id)
      .returning('messages')
    // On the disk before anything is encrypted: after a power cut the same messages must not be counted twice.
    return this.#connection.durableTransaction(() => this.#connection.get(query.compile())?.messages ?? 0)
  }

  history(id?: string): readonly DataKeyEvent[] {
    let query = this.#kysely.selectFrom('data_key_event').selectAll().orderBy('number')
    if (id !== undefined) query = query.where('key_id', '=', id)
    return this.#connection.all(query.compile()).map(({ key_id, at, kind }) => ({ keyId: key_id, at, kind }))
  }

  #activeOf(purpose: DataKeyRecord['purpose']): string | undefined {
    const query = this.#kysely
      .selectFrom('data_key')
      .select('id')
      .where('purpose', '=', purpose)
      .where('state', '=', 'active')
    return this.#connection.get(query.compile())?.id
  }

  #change(
    id: string,
    state: Exclude<DataKeyState, 'active'>,
    from: readonly DataKeyState[],
    at: number,
  ): boolean {
    const query = this.#kysely
      .updateTable('data_key')
      .set({ state, changed_at: at, ...(state === 'destroyed' ? { wrapped: null } : {}) })
      .where('id', '=', id)
      .where('state', 'in', from)
    if (this.#connection.run(query.compile()) !== 1) return false
    this.#note({ key_id: id, at, kind: state })
    return true
  }

  #note(event: Insertable<DataKeyEventTable>): void {
    this.#connection.run(this.#kysely.insertInto('data_key_event').values(event).compile())
  }
}

/** An active key becomes decrypt-only by having a successor, and in no other way. */
const comesFrom: Readonly<Record<Exclude<DataKeyState, 'active'>, readonly DataKeyState[]>> = {
  'decrypt-only': ['retired'],
  retired: ['decrypt-only'],
  destroyed: ['retired'],
}

function toRow(record: DataKeyRecord): Insertable<DataKeyTable> {
  return {
    id: record.id,
    purpose: record.purpose,
    algorithm: record.algorithm,
    state: record.state,
    created_at: record.createdAt,
    changed_at: record.changedAt,
    used_at: record.usedAt ?? null,
    messages: record.messages,
    wrapped: record.wrapped ?? null,
    kek: record.kek,
    public_key: record.publicKey ?? null,
  }
}

function toRecord(row: Selectable<DataKeyTable>): DataKeyRecord {
  return {
    id: row.id,
    purpose: row.purpose,
    algorithm: row.algorithm,
    state: row.state,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    usedAt: row.used_at ?? undefined,
    messages: row.messages,
    wrapped: row.wrapped ?? undefined,
    kek: row.kek,
    publicKey: row.public_key ?? undefined,
  }
}
