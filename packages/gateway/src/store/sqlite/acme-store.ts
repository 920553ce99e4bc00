import { Secret } from '@gateward/kernel'
import type { Kysely } from 'kysely'
import type { SealedColumn, Sealing } from '../../keyring/sealing/sealing.ts'
import type { AcmeStore, IssuedCertificate } from '../acme-store.ts'
import type { SqliteConnection } from './connection.ts'
import type { Schema } from './schema.ts'

/** What ACME needs to keep, in SQLite; every method answers at once. */
export class SqliteAcmeStore implements AcmeStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>
  readonly #accountKeys: SealedColumn
  readonly #certificateKeys: SealedColumn

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>, sealing: Sealing) {
    this.#accountKeys = sealing.column('acme_account', 'key')
    this.#certificateKeys = sealing.column('acme_certificate', 'key')
    this.#connection = connection
    this.#kysely = kysely
  }

  readAccountKey(directory: string): Secret | undefined {
    const row = this.#connection.get(
      this.#kysely.selectFrom('acme_account').select('key').where('directory', '=', directory).compile(),
    )
    return row === undefined ? undefined : new Secret(this.#accountKeys.open(directory, row.key))
  }

  saveAccountKey(directory: string, key: Secret): void {
    const values = { key: this.#accountKeys.seal(directory, key.reveal()) }
    this.#connection.run(
      this.#kysely
        .insertInto('acme_account')
        .values({ directory, ...values })
        .onConflict((conflict) => conflict.column('directory').doUpdateSet(values))
        .compile(),
    )
  }

  readCertificate(name: string): IssuedCertificate | undefined {
    const row = this.#connection.get(
      this.#kysely.selectFrom('acme_certificate').select(['chain', 'key']).where('name', '=', name).compile(),
    )
    if (row === undefined) return undefined
    return { chain: row.chain, key: new Secret(this.#certificateKeys.open(name, row.key)) }
  }

  saveCertificate(name: string, certificate: IssuedCertificate): void {
    const key = this.#certificateKeys.seal(name, certificate.key.reveal())
    const values = { chain: certificate.chain, key }
    this.#connection.run(
      this.#kysely
        .insertInto('acme_certificate')
        .values({ name, ...values })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .compile(),
    )
  }

  presentChallenge(key: string, keyAuthorization: string, until: number): void {
    const values = { authorization: keyAuthorization, until }
    this.#connection.run(
      this.#kysely
        .insertInto('acme_challenge')
        .values({ key, ...values })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
        .compile(),
    )
  }

  findChallenge(key: string, now: number): string | undefined {
    const row = this.#connection.get(
      this.#kysely
        .selectFrom('acme_challenge')
        .select('authorization')
        .where('key', '=', key)
        .where('until', '>', now)
        .compile(),
    )
    return row?.authorization
  }

  removeChallenge(key: string): void {
    this.#connection.run(this.#kysely.deleteFrom('acme_challenge').where('key', '=', key).compile())
  }
}
