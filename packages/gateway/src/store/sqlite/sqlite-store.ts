import { Fault } from '@gateward/kernel'
import { Kysely } from 'kysely'
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Store } from '../store.ts'
import { SqliteAcmeStore } from './acme-store.ts'
import { SqliteApiKeyStore } from './api-key-store.ts'
import { SqliteConnection } from './connection.ts'
import { SqliteDataKeyStore } from './data-key-store.ts'
import { sqliteDialect } from './dialect.ts'
import { SqliteLeaseStore } from './lease-store.ts'
import { SqliteHistoryStore } from './history-store.ts'
import { migrate } from './migrate.ts'
import { SqliteQuotaStore } from './quota-store.ts'
import type { Schema } from './schema.ts'

/**
 * Opens `gateward.sqlite` in the data directory, made where it is missing; only its owner can read it.
 *
 * @throws Fault `STORE_UNAVAILABLE` or `STORE_NEWER`
 */
export async function openSqliteStore(dataDirectory: string): Promise<Store> {
  const connection = connect(dataDirectory)
  const kysely = new Kysely<Schema>({ dialect: sqliteDialect(connection) })
  try {
    await migrate(kysely)
    connection.becomeImpatient()
  } catch (thrown) {
    connection[Symbol.dispose]()
    throw thrown
  }
  return {
    apiKeys: new SqliteApiKeyStore(connection, kysely),
    dataKeys: new SqliteDataKeyStore(connection, kysely),
    history: new SqliteHistoryStore(connection, kysely),
    quotas: new SqliteQuotaStore(connection, kysely),
    acme: new SqliteAcmeStore(connection, kysely),
    leases: new SqliteLeaseStore(connection, kysely),
    [Symbol.asyncDispose]: async () => connection[Symbol.dispose](),
  }
}

function connect(dataDirectory: string): SqliteConnection {
  const file = join(dataDirectory, 'gateward.sqlite')
  try {
    makePrivate(dataDirectory, file)
    return new SqliteConnection(file)
  } catch (cause) {
    throw new Fault('STORE_UNAVAILABLE', `the store ${file} cannot be opened`, { source: 'gateway', cause })
  }
}

// Before SQLite touches it: the files it makes beside (-wal, -shm) take over the mode of this one.
function makePrivate(dataDirectory: string, file: string): void {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
}
