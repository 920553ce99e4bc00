import { sql, type Kysely } from 'kysely'
import type { DiscoveryCount, DiscoveryStore } from '../discovery-store.ts'
import type { SqliteConnection } from './connection.ts'
import type { Schema } from './schema.ts'

/** Counts of discovery in SQLite; every method answers at once. */
export class SqliteDiscoveryStore implements DiscoveryStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>) {
    this.#connection = connection
    this.#kysely = kysely
  }

  addBatch(counts: readonly DiscoveryCount[]): void {
    this.#connection.transaction(() => {
      for (const count of counts) {
        const query = this.#kysely
          .insertInto('discovery')
          .values(count)
          .onConflict((conflict) =>
            conflict
              .columns(['api', 'operation', 'way', 'place', 'detector'])
              .doUpdateSet({ count: sql<number>`discovery.count + excluded.count` }),
          )
        this.#connection.run(query.compile())
      }
    })
  }

  list(api: string): readonly DiscoveryCount[] {
    const query = this.#kysely.selectFrom('discovery').selectAll().where('api', '=', api).limit(mostRows)
    return this.#connection.all(query.compile()).map(toCount)
  }

  clear(api: string): void {
    this.#connection.run(this.#kysely.deleteFrom('discovery').where('api', '=', api).compile())
  }
}

const mostRows = 20_000

// Rows come without a prototype.
function toCount(row: DiscoveryCount): DiscoveryCount {
  return { ...row }
}
