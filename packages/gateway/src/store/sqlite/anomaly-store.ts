import { sql, type Kysely } from 'kysely'
import type { AnomalyPage, AnomalyRecord, AnomalyStore, Expectation } from '../anomaly-store.ts'
import type { SqliteConnection } from './connection.ts'
import type { Schema } from './schema.ts'

/** Anomalies in SQLite; every method answers at once. */
export class SqliteAnomalyStore implements AnomalyStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>) {
    this.#connection = connection
    this.#kysely = kysely
  }

  add(anomaly: AnomalyRecord): void {
    this.#connection.run(this.#kysely.insertInto('anomaly').values(anomaly).compile())
  }

  find(id: string): AnomalyRecord | undefined {
    const row = this.#connection.get(
      this.#kysely.selectFrom('anomaly').selectAll().where('id', '=', id).compile(),
    )
    return row === undefined ? undefined : toRecord(row)
  }

  list({ limit, api, after }: AnomalyPage): readonly AnomalyRecord[] {
    let query = this.#kysely
      .selectFrom('anomaly')
      .selectAll()
      .orderBy('time', 'desc')
      .orderBy('id', 'desc')
      .limit(Math.min(Math.max(limit, 1), maximumPage))
    if (api !== undefined) query = query.where('api', '=', api)
    if (after !== undefined) query = query.where(sql<boolean>`(time, id) < (${after.time}, ${after.id})`)
    return this.#connection.all(query.compile()).map(toRecord)
  }

  expect({ createdAt, ...rest }: Expectation): void {
    const row = { ...rest, created_at: createdAt }
    const query = this.#kysely
      .insertInto('expectation')
      .values(row)
      .onConflict((conflict) => conflict.columns(['measure', 'dimension', 'subject', 'api']).doUpdateSet(row))
    this.#connection.run(query.compile())
  }

  expectations(at: number): readonly Expectation[] {
    const query = this.#kysely.selectFrom('expectation').selectAll().where('until', '>', at).orderBy('until')
    return this.#connection
      .all(query.compile())
      .map(({ created_at: createdAt, ...rest }) => Object.assign(rest, { createdAt }))
  }

  saveLearned(name: string, text: string): void {
    const query = this.#kysely
      .insertInto('learned')
      .values({ name, text })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ text }))
    this.#connection.run(query.compile())
  }

  loadLearned(name: string): string | undefined {
    const query = this.#kysely.selectFrom('learned').select('text').where('name', '=', name)
    return this.#connection.get(query.compile())?.text
  }

  deleteBefore(time: number): void {
    this.#connection.transaction(() => {
      this.#connection.run(this.#kysely.deleteFrom('anomaly').where('time', '<', time).compile())
      this.#connection.run(this.#kysely.deleteFrom('expectation').where('until', '<', time).compile())
    })
  }
}

// Rows come without a prototype.
function toRecord(row: AnomalyRecord): AnomalyRecord {
  return { ...row }
}

const maximumPage = 1_000

/** What somebody said is expected. */
export interface ExpectationTable {
  measure: string
  dimension: string
  subject: string
  api: string
  observed: number
  reason: string
  created_at: number
  until: number
}

/** What a detector has learned, by its name. */
export interface LearnedTable {
  name: string
  text: string
}
