import { Secret } from '@gateward/kernel'
import type { Kysely } from 'kysely'
import type { Sealing } from '../../keyring/sealing/sealing.ts'
import type { AcmeStore, IssuedCertificate } from '../acme-store.ts'
import { RowSealing } from './row-sealing.ts'
import type { SqliteConnection } from './connection.ts'
import type { Schema } from './schema.ts'

/** What ACME needs to keep, in SQLite; every method answers at once. */
export class SqliteAcmeStore implements AcmeStore {
  readonly #connection: SqliteConnection
  readonly #kysely: Kysely<Schema>
  readonly #accounts: RowSealing
  readonly #certificates: RowSealing

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>, sealing: Sealing) {
    this.#connection = connection
    this.#kysely = kysely
    this.#accounts = RowSealing.of(sealing, 'acme_account')
    this.#certificates = RowSealing.of(sealing, 'acme_certificate')
  }

  readAccountKey(directory: string): Secret | undefined {
    const row = this.#connection.get(
      this.#kysely.selectFrom('acme_account').selectAll().where('directory', '=', directory).compile(),
    )
    return row === undefined ? undefined : new Secret(this.#accounts.open(row).key)
  }

  saveAccountKey(directory: string, key: Secret): void {
    const row = this.#accounts.seal({ directory, key: key.reveal() })
    this.#connection.run(
      this.#kysely
        .insertInto('acme_account')
        .values(row)
        .onConflict((conflict) => conflict.column('directory').doUpdateSet({ key: row.key }))
        .compile(),
    )
  }

  readCertificate(name: string): IssuedCertificate | undefined {
    const row = this.#connection.get(
      this.#kysely.selectFrom('acme_certificate').selectAll().where('name', '=', name).compile(),
    )
    if (row === undefined) return undefined
    return { chain: row.chain, key: new Secret(this.#certificates.open(row).key) }
  }

  saveCertificate(name: string, certificate: IssuedCertificate): void {
    const row = this.#certificates.seal({ name, chain: certificate.chain, key: certificate.key.reveal() })
    this.#connection.run(
      this.#kysely
        .insertInto('acme_certificate')
        .values(row)
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ chain: row.chain, key: row.key }))
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
