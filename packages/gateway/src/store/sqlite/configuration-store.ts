import type { Kysely, Selectable } from 'kysely'
import type { ConfigurationStore, ConfigurationVersion } from '../configuration-store.ts'
import { RowSealing } from './row-sealing.ts'
import type { SqliteConnection } from './connection.ts'
import type { Sealing } from '../../keyring/sealing/sealing.ts'
import type { ConfigurationVersionTable, Schema } from './schema.ts'

/** Configurations that ran, in SQLite; every method answers at once. */
export class SqliteConfigurationStore implements ConfigurationStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>
  readonly #rows: RowSealing

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>, sealing: Sealing) {
    this.#connection = connection
    this.#kysely = kysely
    this.#rows = RowSealing.of(sealing, 'configuration_version')
  }

  add(version: Omit<ConfigurationVersion, 'number'>, kept: number): ConfigurationVersion {
    for (;;) {
      const [latest] = this.list(1)
      if (latest?.hash === version.hash && latest.text === version.text) return latest
      const added = { ...version, number: (latest?.number ?? 0) + 1 }
      // Another process may have been faster; then the next number is tried.
      if (this.#insert(this.#rows.seal({ ...added, text: added.text ?? null }), kept)) return added
    }
  }

  list(limit: number): readonly ConfigurationVersion[] {
    const query = this.#kysely
      .selectFrom('configuration_version')
      .selectAll()
      .orderBy('number', 'desc')
      .limit(Math.min(Math.max(limit, 1), maximumPage))
    return this.#connection.all(query.compile()).map((row) => toVersion(this.#rows.open(row)))
  }

  find(number: number): ConfigurationVersion | undefined {
    const query = this.#kysely.selectFrom('configuration_version').selectAll().where('number', '=', number)
    const row = this.#connection.get(query.compile())
    return row === undefined ? undefined : toVersion(this.#rows.open(row))
  }

  #insert(row: Selectable<ConfigurationVersionTable>, kept: number): boolean {
    const insertion = this.#kysely
      .insertInto('configuration_version')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
    const removal = this.#kysely.deleteFrom('configuration_version').where('number', '<=', row.number - kept)
    return this.#connection.durableTransaction(() => {
      if (this.#connection.run(insertion.compile()) !== 1) return false
      this.#connection.run(removal.compile())
      return true
    })
  }
}

const maximumPage = 1_000

function toVersion(row: Selectable<ConfigurationVersionTable>): ConfigurationVersion {
  return { ...row, text: row.text ?? undefined }
}
