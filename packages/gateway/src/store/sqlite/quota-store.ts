import { sql, type Kysely } from 'kysely'
import type { StatementSync } from 'node:sqlite'
import type { BlindIndex } from '../../keyring/crypto/blind-index.ts'
import type { Sealing } from '../../keyring/sealing/sealing.ts'
import type { QuotaStore, QuotaUsage } from '../quota-store.ts'
import type { SqliteConnection } from './connection.ts'
import type { Schema } from './schema.ts'

/** Quotas in SQLite; every method answers at once. */
export class SqliteQuotaStore implements QuotaStore {
  readonly #connection: SqliteConnection
  readonly #index: BlindIndex
  readonly #read: StatementSync
  readonly #add: StatementSync
  readonly #deleteBefore: StatementSync

  constructor(connection: SqliteConnection, kysely: Kysely<Schema>, sealing: Sealing) {
    this.#index = sealing.index('quota', 'key')
    this.#connection = connection
    this.#read = connection.prepare(readQuery(kysely))
    this.#add = connection.prepare(addQuery(kysely))
    this.#deleteBefore = connection.prepare(deleteQuery(kysely))
  }

  read(key: string, policy: string, periodStart: number): number {
    const row = this.#read.get(this.#index.of(key), policy, periodStart)
    return typeof row?.['used'] === 'number' ? row['used'] : 0
  }

  addBatch(usages: readonly QuotaUsage[]): void {
    if (usages.length === 0) return
    this.#connection.transaction(() => {
      for (const { key, policy, periodStart, used } of usages)
        this.#add.run(this.#index.of(key), policy, periodStart, used)
    })
  }

  deleteBefore(periodStart: number): void {
    this.#deleteBefore.run(periodStart)
  }
}

function readQuery(kysely: Kysely<Schema>): string {
  return kysely
    .selectFrom('quota')
    .select('used')
    .where('key', '=', '')
    .where('policy', '=', '')
    .where('period_start', '=', 0)
    .compile().sql
}

function addQuery(kysely: Kysely<Schema>): string {
  return kysely
    .insertInto('quota')
    .values({ key: '', policy: '', period_start: 0, used: 0 })
    .onConflict((conflict) =>
      conflict
        .columns(['key', 'policy', 'period_start'])
        .doUpdateSet({ used: sql<number>`quota.used + excluded.used` }),
    )
    .compile().sql
}

function deleteQuery(kysely: Kysely<Schema>): string {
  return kysely.deleteFrom('quota').where('period_start', '<', 0).compile().sql
}
