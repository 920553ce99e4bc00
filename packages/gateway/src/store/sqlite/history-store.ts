import { sql, type Kysely, type Selectable } from 'kysely'
import type { StatementSync } from 'node:sqlite'
import { mergeLatency } from '../../sketch/merge-latency.ts'
import {
  otherName,
  type HistoryStore,
  type Rollup,
  type RollupDimension,
  type RollupRange,
  type RollupRow,
  type RollupStep,
} from '../history-store.ts'
import type { SqliteConnection } from './connection.ts'
import type { RollupNames } from './rollup-names.ts'
import type { RollupTable, Schema } from './schema.ts'

type Row = Selectable<RollupTable>

/** Past traffic in SQLite; every method answers at once. */
export class SqliteHistoryStore implements HistoryStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>
  readonly #names: RollupNames
  readonly #add: StatementSync
  readonly #latency: StatementSync

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>, names: RollupNames) {
    this.#connection = connection
    this.#kysely = kysely
    this.#names = names
    this.#add = connection.prepare(addQuery(kysely))
    this.#latency = connection.prepare(latencyQuery(kysely))
  }

  addBatch(rows: readonly RollupRow[]): void {
    if (rows.length === 0) return
    // Sealed before the transaction begins: the first time this makes a key, which must not be undone with it.
    const stored = rows.map((row) => this.#toStored(row))
    this.#connection.transaction(() => stored.forEach((row) => this.#addRow(row)))
  }

  read({
    step,
    dimension,
    from,
    to,
    name,
  }: RollupRange & { readonly name?: string | undefined }): readonly RollupRow[] {
    let query = this.#select(step, dimension, from, to)
    if (name !== undefined) query = query.where('name', '=', this.#names.toStored(dimension, name))
    return this.#connection
      .all(query.compile())
      .map((row) => this.#fromStored(row))
      .sort((left, right) => left.start - right.start || compareNames(left, right))
  }

  sum({ step, dimension, from, to, limit }: RollupRange & { readonly limit: number }): readonly Rollup[] {
    const query = this.#kysely
      .selectFrom('rollup')
      .select(({ fn }) => ['name' as const, ...sumColumns.map((column) => fn.sum<number>(column).as(column))])
      .where('step', '=', step)
      .where('dimension', '=', dimension)
      .where('start', '>=', from)
      .where('start', '<', to)
      .groupBy('name')
      .orderBy('requests', 'desc')
      .orderBy('name')
      .limit(limit)
    return this.#connection
      .all(query.compile())
      .map((sums) => {
        const latency = this.#mergedLatency(step, dimension, from, to, sums.name)
        const name = this.#names.fromStored(dimension, sums.name)
        return toRollup({ ...sums, name, latency: latency ?? null })
      })
      .sort((left, right) => right.requests - left.requests || compareNames(left, right))
  }

  fold(step: RollupStep, start: number, dimension: RollupDimension, keep: number): void {
    this.#connection.transaction(() => {
      const rows = this.read({ step, dimension, from: start, to: start + 1 })
      const small = rows
        .filter(({ name }) => name !== otherName)
        .sort((left, right) => right.requests - left.requests || compareNames(left, right))
        .slice(keep)
      for (const row of small) {
        const remove = this.#kysely
          .deleteFrom('rollup')
          .where('step', '=', step)
          .where('dimension', '=', dimension)
          .where('start', '=', start)
          .where('name', '=', this.#names.toStored(dimension, row.name))
        this.#connection.run(remove.compile())
        this.#addRow(this.#toStored({ ...row, name: otherName }))
      }
    })
  }

  deleteBefore(step: RollupStep, start: number): void {
    const query = this.#kysely.deleteFrom('rollup').where('step', '=', step).where('start', '<', start)
    this.#connection.run(query.compile())
  }

  trim(step: RollupStep, rows: number): void {
    const query = this.#kysely
      .selectFrom('rollup')
      .select('start')
      .where('step', '=', step)
      .orderBy('start', 'desc')
      .limit(1)
      .offset(rows)
    const first = this.#connection.get(query.compile())
    // The moment in which the bound was passed goes too, so that no moment is left in part.
    if (first !== undefined) this.deleteBefore(step, first.start + 1)
  }

  #toStored(row: RollupRow): RollupRow {
    return { ...row, name: this.#names.toStored(row.dimension, row.name) }
  }

  #fromStored(row: Row): RollupRow {
    const { step, start, dimension } = row
    const name = this.#names.fromStored(dimension, row.name)
    return { step, start, dimension, ...toRollup({ ...row, name }) }
  }

  /** @param row with its name as it is stored */
  #addRow(row: RollupRow): void {
    const { step, dimension, start, name } = row
    const before = row.latency === undefined ? undefined : this.#latency.get(step, dimension, start, name)
    const known = before?.['latency'] instanceof Uint8Array ? before['latency'] : undefined
    const counts = [
      row.requests,
      row.refused,
      row.status2xx,
      row.status3xx,
      row.status4xx,
      row.status5xx,
      row.bytesIn,
      row.bytesOut,
    ]
    this.#add.run(step, dimension, start, name, ...counts, mergeLatency(known, row.latency) ?? null)
  }

  #select(step: RollupStep, dimension: RollupDimension, from: number, to: number) {
    return this.#kysely
      .selectFrom('rollup')
      .selectAll()
      .where('step', '=', step)
      .where('dimension', '=', dimension)
      .where('start', '>=', from)
      .where('start', '<', to)
  }

  #mergedLatency(
    step: RollupStep,
    dimension: RollupDimension,
    from: number,
    to: number,
    name: string,
  ): Uint8Array | undefined {
    const query = this.#select(step, dimension, from, to)
      .where('name', '=', name)
      .where('latency', 'is not', null)
    let merged: Uint8Array | undefined
    for (const { latency } of this.#connection.all(query.compile()))
      merged = mergeLatency(merged, latency ?? undefined)
    return merged
  }
}

const sumColumns = [
  'requests',
  'refused',
  'status_2xx',
  'status_3xx',
  'status_4xx',
  'status_5xx',
  'bytes_in',
  'bytes_out',
] as const

function addQuery(kysely: Kysely<Schema>): string {
  const zeros = Object.fromEntries(sumColumns.map((column) => [column, 0])) as Record<
    (typeof sumColumns)[number],
    number
  >
  const sums = Object.fromEntries(
    sumColumns.map((column) => [
      column,
      sql`${sql.ref(`rollup.${column}`)} + ${sql.ref(`excluded.${column}`)}`,
    ]),
  )
  return kysely
    .insertInto('rollup')
    .values({ step: 1, dimension: 'all', start: 0, name: '', ...zeros, latency: null })
    .onConflict((conflict) =>
      conflict.columns(['step', 'dimension', 'start', 'name']).doUpdateSet({
        ...sums,
        latency: sql<Uint8Array | null>`coalesce(excluded.latency, rollup.latency)`,
      }),
    )
    .compile().sql
}

function latencyQuery(kysely: Kysely<Schema>): string {
  return kysely
    .selectFrom('rollup')
    .select('latency')
    .where('step', '=', 1)
    .where('dimension', '=', 'all')
    .where('start', '=', 0)
    .where('name', '=', '')
    .compile().sql
}

function compareNames(left: Rollup, right: Rollup): number {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0
}

function toRollup(row: Omit<Row, 'step' | 'start' | 'dimension'>): Rollup {
  return {
    name: row.name,
    requests: row.requests,
    refused: row.refused,
    status2xx: row.status_2xx,
    status3xx: row.status_3xx,
    status4xx: row.status_4xx,
    status5xx: row.status_5xx,
    bytesIn: row.bytes_in,
    bytesOut: row.bytes_out,
    latency: row.latency ?? undefined,
  }
}
