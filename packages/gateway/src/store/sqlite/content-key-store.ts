import { Secret } from '@gateward/kernel'
import type { Kysely } from 'kysely'
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import type { Sealing } from '../../keyring/sealing/sealing.ts'
import type { ContentKeyStore } from '../content-key-store.ts'
import type { SqliteConnection } from './connection.ts'
import { RowSealing } from './row-sealing.ts'
import type { Schema } from './schema.ts'

/** Content keys in SQLite; every method answers at once. */
export class SqliteContentKeyStore implements ContentKeyStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>
  readonly #rows: RowSealing

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>, sealing: Sealing) {
    this.#connection = connection
    this.#kysely = kysely
    this.#rows = RowSealing.of(sealing, 'content_key')
  }

  find(name: string): Secret<KeyObject> | undefined {
    const row = this.#connection.get(
      this.#kysely.selectFrom('content_key').selectAll().where('name', '=', name).compile(),
    )
    return row && new Secret(createSecretKey(this.#rows.open(row).key, 'base64'))
  }

  provide(name: string, bytes: number): Secret<KeyObject> {
    const known = this.find(name)
    if (known !== undefined) return known
    const row = this.#rows.seal({ name, key: randomBytes(bytes).toString('base64') })
    this.#connection.run(
      this.#kysely
        .insertInto('content_key')
        .values(row)
        .onConflict((conflict) => conflict.column('name').doNothing())
        .compile(),
    )
    // Another process may have been faster, and then its key is the one.
    return this.provide(name, bytes)
  }

  remove(name: string): void {
    this.#connection.run(this.#kysely.deleteFrom('content_key').where('name', '=', name).compile())
  }
}
