import { sql, type Kysely } from 'kysely'
import { envelopePrefix } from '../../keyring/crypto/envelope.ts'
import type { Sealing } from '../../keyring/sealing/sealing.ts'
import type { SealedValues } from '../sealed-values.ts'
import type { SqliteConnection } from './connection.ts'
import type { Schema } from './schema.ts'
import { sealedColumns, type SealedTable } from './sealed-columns.ts'

/** The sealed columns of SQLite. */
export class SqliteSealedValues implements SealedValues {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>
  readonly #sealing: Sealing

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>, sealing: Sealing) {
    this.#connection = connection
    this.#kysely = kysely
    this.#sealing = sealing
  }

  countByKey(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const [, column, { table }] of everyColumn())
      for (const { key, count } of this.#countIn(table, column))
        counts.set(key, (counts.get(key) ?? 0) + count)
    return counts
  }

  reseal(limit: number): number {
    let resealed = 0
    for (const [row, column, { table }] of everyColumn()) {
      if (resealed >= limit) break
      resealed += this.#resealIn(table, row, column, limit - resealed)
    }
    return resealed
  }

  #countIn(table: keyof Schema, column: string): readonly { key: string; count: number }[] {
    const key = keyOf(column)
    const query = sql<{ key: string; count: number }>`
      select ${key} as key, count(*) as count from ${sql.table(table)}
      where ${sql.ref(column)} like ${`${envelopePrefix}%`} group by ${key}`
    return this.#connection.all(query.compile(this.#kysely))
  }

  #resealIn(table: keyof Schema, row: string, column: string, limit: number): number {
    const sealed = this.#sealing.column(table, column)
    const active = this.#sealing.activeKeyId
    const query = sql<{ row: string | number; value: string }>`
      select ${sql.ref(row)} as row, ${sql.ref(column)} as value from ${sql.table(table)}
      where ${sql.ref(column)} like ${`${envelopePrefix}%`} and ${keyOf(column)} <> ${active} limit ${limit}`
    const found = this.#connection.all(query.compile(this.#kysely))
    // Sealed before the transaction begins: what is counted for it must not be undone with it.
    const changes = found.map(({ row: id, value }) => {
      const anew = sealed.seal(String(id), sealed.open(String(id), value))
      // Whoever has changed the value meanwhile has sealed it under the active key.
      return sql`
        update ${sql.table(table)} set ${sql.ref(column)} = ${anew}
        where ${sql.ref(row)} = ${id} and ${sql.ref(column)} = ${value}`
    })
    this.#connection.transaction(() => {
      for (const change of changes) this.#connection.run(change.compile(this.#kysely))
    })
    return found.length
  }
}

function everyColumn(): readonly (readonly [row: string, column: string, table: SealedTable])[] {
  return sealedColumns.flatMap((table) => table.columns.map((column) => [table.row, column, table] as const))
}

/** The key id of an envelope: what stands before the next colon. */
function keyOf(column: string) {
  const rest = sql`substr(${sql.ref(column)}, ${sql.lit(envelopePrefix.length + 1)})`
  return sql<string>`substr(${rest}, 1, instr(${rest}, ':') - 1)`
}
