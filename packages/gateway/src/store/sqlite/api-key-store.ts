import { sql, type CompiledQuery, type Kysely, type Selectable } from 'kysely'
import type { StatementSync } from 'node:sqlite'
import type { ApiKeyPage, ApiKeyRecord, ApiKeyState, ApiKeyStore } from '../api-key-store.ts'
import type { SqliteConnection } from './connection.ts'
import { revisionQuery } from './revision.ts'
import type { ApiKeyTable, Schema } from './schema.ts'

/** API keys in SQLite; every method answers at once. */
export class SqliteApiKeyStore implements ApiKeyStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>
  readonly #readRevision: StatementSync
  readonly #readByHash: StatementSync

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>) {
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
    return row === undefined ? undefined : toRecord(row)
  }

  findById(id: string): ApiKeyRecord | undefined {
    const row = this.#connection.get(findQuery(this.#kysely, 'id', id))
    return row === undefined ? undefined : toRecord(row)
  }

  list({ limit, consumer, after }: ApiKeyPage): readonly ApiKeyRecord[] {
    let query = this.#kysely
      .selectFrom('api_key')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .limit(Math.min(Math.max(limit, 1), maximumPage))
    if (consumer !== undefined) query = query.where('consumer', '=', consumer)
    if (after !== undefined)
      query = query.where(sql<boolean>`(created_at, id) > (${after.createdAt}, ${after.id})`)
    return this.#connection.all(query.compile()).map(toRecord)
  }

  insert(record: ApiKeyRecord): void {
    this.#connection.durableTransaction(() => this.#insert(record))
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
    return this.#connection.durableTransaction(() => {
      if (this.findById(id)?.state !== 'active') return false
      // First the successor: the predecessor's column refers to it.
      this.#insert(successor)
      return this.#connection.run(retire.compile()) === 1
    })
  }

  #insert(record: ApiKeyRecord): void {
    this.#connection.run(this.#kysely.insertInto('api_key').values(toRow(record)).compile())
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

function toRow(record: ApiKeyRecord): Selectable<ApiKeyTable> {
  return {
    id: record.id,
    hash: record.hash,
    display: record.display,
    environment: record.environment,
    consumer: record.consumer,
    label: record.label,
    tier: record.tier ?? null,
    scopes: JSON.stringify(record.scopes),
    roles: JSON.stringify(record.roles),
    attributes: JSON.stringify(record.attributes),
    state: record.state,
    created_at: record.createdAt,
    expires_at: record.expiresAt,
    changed_at: record.changedAt,
    successor: record.successor ?? null,
  }
}

function toRecord(row: Selectable<ApiKeyTable>): ApiKeyRecord {
  return {
    id: row.id,
    hash: row.hash,
    display: row.display,
    environment: row.environment,
    consumer: row.consumer,
    label: row.label,
    tier: row.tier ?? undefined,
    scopes: JSON.parse(row.scopes) as readonly string[],
    roles: JSON.parse(row.roles) as readonly string[],
    attributes: JSON.parse(row.attributes) as Readonly<Record<string, unknown>>,
    state: row.state,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    changedAt: row.changed_at,
    successor: row.successor ?? undefined,
  }
}
