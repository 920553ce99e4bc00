import type { Kysely, Selectable } from 'kysely'
import type { ConfigurationStore, ConfigurationVersion } from '../configuration-store.ts'
import type { SqliteConnection } from './connection.ts'
import type { ConfigurationVersionTable, Schema } from './schema.ts'

/** Configurations that ran, in SQLite; every method answers at once. */
export class SqliteConfigurationStore implements ConfigurationStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>) {
    this.#connection = connection
    this.#kysely = kysely
  }

  add(version: Omit<ConfigurationVersion, 'number'>, kept: number): ConfigurationVersion {
    return this.#connection.durableTransaction(() => {
      const [latest] = this.list(1)
      if (latest?.hash === version.hash && latest.text === version.text) return latest
      const added = { ...version, number: (latest?.number ?? 0) + 1 }
      const row = { ...added, text: added.text ?? null }
      this.#connection.run(this.#kysely.insertInto('configuration_version').values(row).compile())
      this.#connection.run(
        this.#kysely
          .deleteFrom('configuration_version')
          .where('number', '<=', added.number - kept)
          .compile(),
      )
      return added
    })
  }

  list(limit: number): readonly ConfigurationVersion[] {
    const query = this.#kysely
      .selectFrom('configuration_version')
      .selectAll()
      .orderBy('number', 'desc')
      .limit(Math.min(Math.max(limit, 1), maximumPage))
    return this.#connection.all(query.compile()).map(toVersion)
  }

  find(number: number): ConfigurationVersion | undefined {
    const query = this.#kysely.selectFrom('configuration_version').selectAll().where('number', '=', number)
    const row = this.#connection.get(query.compile())
    return row === undefined ? undefined : toVersion(row)
  }
}

const maximumPage = 1_000

function toVersion(row: Selectable<ConfigurationVersionTable>): ConfigurationVersion {
  return { ...row, text: row.text ?? undefined }
}
