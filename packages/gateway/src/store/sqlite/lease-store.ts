import { sql, type Kysely } from 'kysely'
import type { LeaseStore } from '../lease-store.ts'
import type { SqliteConnection } from './connection.ts'
import type { Schema } from './schema.ts'

/** Leases in SQLite; every method answers at once. */
export class SqliteLeaseStore implements LeaseStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>) {
    this.#connection = connection
    this.#kysely = kysely
  }

  take(name: string, holder: string, now: number, until: number): boolean {
    // One statement decides and takes, so that two processes can never both be told yes.
    const taking = this.#kysely
      .insertInto('lease')
      .values({ name, holder, until })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet({ holder, until })
          .where(sql<boolean>`lease.holder = ${holder} or lease.until <= ${now}`),
      )
    return this.#connection.run(taking.compile()) === 1
  }

  release(name: string, holder: string): void {
    this.#connection.run(
      this.#kysely.deleteFrom('lease').where('name', '=', name).where('holder', '=', holder).compile(),
    )
  }
}
