import { sql, type CompiledQuery, type Kysely, type Selectable } from 'kysely'
import type { StatementSync } from 'node:sqlite'
import type { Sealing } from '../../keyring/sealing/sealing.ts'
import type { ApiKeyPage, ApiKeyRecord, ApiKeyState, ApiKeyStore } from '../api-key-store.ts'
import type { SqliteConnection } from './connection.ts'
import { ApiKeyRows } from './api-key-rows.ts'
import { revisionQuery } from './revision.ts'
import type { ApiKeyTable, Schema } from './schema.ts'

/** API keys in SQLite; every method answers at once. */
export class SqliteApiKeyStore implements ApiKeyStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>
  readonly #rows: ApiKeyRows
  readonly #readRevision: StatementSync
  readonly #readByHash: StatementSync

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>, sealing: Sealing) {
    this.#rows = new ApiKeyRows(sealing)
    this.#connection = connection
    this.#kysely = kysely
    this.#readRevision = connection.prepare(revisionQuery(kysely))
    this.#readByHash = connection.prepare(findQuery(kysely, 'hash', '').sql)
  }

  revision(): number {
    return Number(this.#readRevision.get('api_key')?.['value'])
  }

  findByHash(hash: string): ApiKeyRecord | undefined {
    // Prepared, since anyone can make the gateway ask: every well-formed key that nobody was given ends here.
    const row = this.#readByHash.get(hash) as Selectable<ApiKeyTable> | undefined
    return row === undefined ? undefined : this.#rows.toRecord(row)
  }

  findById(id: string): ApiKeyRecord | undefined {
    const row = this.#connection.get(findQuery(this.#kysely, 'id', id))
    return row === undefined ? undefined : this.#rows.toRecord(row)
  }

  list({ limit, consumer, after }: ApiKeyPage): readonly ApiKeyRecord[] {
    let query = this.#kysely
      .selectFrom('api_key')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .limit(Math.min(Math.max(limit, 1), maximumPage))
    if (consumer !== undefined) query = query.where('consumer_index', '=', this.#rows.indexOf(consumer))
    if (after !== undefined)
      query = query.where(sql<boolean>`(created_at, id) > (${after.createdAt}, ${after.id})`)
    return this.#connection.all(query.compile()).map((row) => this.#rows.toRecord(row))
  }

  insert(record: ApiKeyRecord): void {
    const row = this.#rows.toRow(record)
    this.#connection.durableTransaction(() => this.#insert(row))
  }

  setState(id: string, state: ApiKeyState, at: number): boolean {
    const query = this.#kysely
      .updateTable('api_key')
      .set({ state, changed_at: at })
      .where('id', '=', id)
      .where('state', '!=', 'revoked')
    return this.#connection.durableTransaction(() => this.#connection.run(query.compile())) === 1
  }

  succeed(id: string, endsAt: number, successor: ApiKeyRecord): boolean {
    const retire = this.#kysely
      .updateTable('api_key')
      .set({
        successor: successor.id,
        expires_at: sql<number>`min(expires_at, ${endsAt})`,
      })
      .where('id', '=', id)
      .where('state', '=', 'active')
    // Sealed before the transaction begins: what is counted for it must not be undone with it.
    const row = this.#rows.toRow(successor)
    return this.#connection.durableTransaction(() => {
      if (this.findById(id)?.state !== 'active') return false
      // First the successor: the predecessor's column refers to it.
      this.#insert(row)
      return this.#connection.run(retire.compile()) === 1
    })
  }

  #insert(row: Selectable<ApiKeyTable>): void {
    this.#connection.run(this.#kysely.insertInto('api_key').values(row).compile())
  }
}

const maximumPage = 1_000

function findQuery(
  kysely: Kysely<Schema>,
  column: 'id' | 'hash',
  value: string,
): CompiledQuery<Selectable<ApiKeyTable>> {
  return kysely.selectFrom('api_key').selectAll().where(column, '=', value).compile()
}
