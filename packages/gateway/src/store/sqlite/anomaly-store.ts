import { sql, type Kysely } from 'kysely'
import type { BlindIndex } from '../../keyring/crypto/blind-index.ts'
import type { Sealing } from '../../keyring/sealing/sealing.ts'
import type {
  AnomalyPage,
  AnomalyRecord,
  AnomalyStore,
  Expectation,
  ExpectationKey,
} from '../anomaly-store.ts'
import type { SqliteConnection } from './connection.ts'
import { RowSealing } from './row-sealing.ts'
import type { Schema } from './schema.ts'

/** Anomalies in SQLite; every method answers at once. */
export class SqliteAnomalyStore implements AnomalyStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>
  readonly #anomalies: RowSealing
  readonly #learned: RowSealing
  readonly #expectations: RowSealing
  readonly #expected: BlindIndex

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>, sealing: Sealing) {
    this.#connection = connection
    this.#kysely = kysely
    this.#anomalies = RowSealing.of(sealing, 'anomaly')
    this.#learned = RowSealing.of(sealing, 'learned')
    this.#expectations = RowSealing.of(sealing, 'expectation')
    this.#expected = sealing.index('expectation', 'id')
  }

  add(anomaly: AnomalyRecord): void {
    this.#connection.run(this.#kysely.insertInto('anomaly').values(this.#anomalies.seal(anomaly)).compile())
  }

  find(id: string): AnomalyRecord | undefined {
    const row = this.#connection.get(
      this.#kysely.selectFrom('anomaly').selectAll().where('id', '=', id).compile(),
    )
    return row === undefined ? undefined : this.#anomalies.open(row)
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
    return this.#connection.all(query.compile()).map((row) => this.#anomalies.open(row))
  }

  expect({ createdAt, ...rest }: Expectation): void {
    const id = expectationId(this.#expected, rest)
    const row = this.#expectations.seal({ ...rest, id, created_at: createdAt })
    const query = this.#kysely
      .insertInto('expectation')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    this.#connection.run(query.compile())
  }

  forget(about: ExpectationKey): boolean {
    const id = expectationId(this.#expected, about)
    return this.#connection.run(this.#kysely.deleteFrom('expectation').where('id', '=', id).compile()) > 0
  }

  expectations(at: number): readonly Expectation[] {
    const query = this.#kysely.selectFrom('expectation').selectAll().where('until', '>', at).orderBy('until')
    return this.#connection.all(query.compile()).map((row) => {
      const { id: _, created_at: createdAt, ...rest } = this.#expectations.open(row)
      return Object.assign(rest, { createdAt })
    })
  }

  saveLearned(name: string, text: string): void {
    const row = this.#learned.seal({ name, text })
    const query = this.#kysely
      .insertInto('learned')
      .values(row)
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ text: row.text }))
    this.#connection.run(query.compile())
  }

  loadLearned(name: string): string | undefined {
    const query = this.#kysely.selectFrom('learned').selectAll().where('name', '=', name)
    const row = this.#connection.get(query.compile())
    return row === undefined ? undefined : this.#learned.open(row).text
  }

  deleteBefore(time: number): void {
    this.#connection.transaction(() => {
      this.#connection.run(this.#kysely.deleteFrom('anomaly').where('time', '<', time).compile())
      this.#connection.run(this.#kysely.deleteFrom('expectation').where('until', '<', time).compile())
    })
  }
}

/** What names an expectation: there is one for each thing that it can be about. */
function expectationId(index: BlindIndex, { measure, dimension, subject, api }: ExpectationKey): string {
  return index.of(JSON.stringify([measure, dimension, subject, api]))
}

const maximumPage = 1_000

/** What somebody said is expected. */
export interface ExpectationTable {
  /** A blind index of what it is about. */
  id: string
  measure: string
  dimension: string
  /** Sealed. */
  subject: string
  api: string
  observed: number
  /** Sealed. */
  reason: string
  created_at: number
  until: number
}

/** What a detector has learned, by its name. */
export interface LearnedTable {
  name: string
  text: string
}
