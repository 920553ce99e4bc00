import { Fault } from '@gateward/kernel'
import { Kysely } from 'kysely'
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { Sealing } from '../../keyring/sealing/sealing.ts'
import type { LockedStore } from '../store.ts'
import { SqliteAcmeStore } from './acme-store.ts'
import { SqliteAccountStore } from './account-store.ts'
import { SqliteAlertStore } from './alert-store.ts'
import { SqliteAnomalyStore } from './anomaly-store.ts'
import { SqliteApiKeyStore } from './api-key-store.ts'
import { SqliteAuditStore } from './audit-store.ts'
import { SqliteConfigurationStore } from './configuration-store.ts'
import { SqliteConnection } from './connection.ts'
import { SqliteContentKeyStore } from './content-key-store.ts'
import { SqliteDataKeyStore } from './data-key-store.ts'
import { SqliteDiscoveryStore } from './discovery-store.ts'
import { sqliteDialect } from './dialect.ts'
import { SqliteLeaseStore } from './lease-store.ts'
import { SqliteHistoryStore } from './history-store.ts'
import { migrate, migrateKeys } from './migrate.ts'
import { SqliteQuotaStore } from './quota-store.ts'
import { RollupNames } from './rollup-names.ts'
import type { Schema } from './schema.ts'
import { SqliteSealedValues } from './sealed-values.ts'
import { storeFile } from './store-file.ts'
import { SqliteVersionStore } from './version-store.ts'

/**
 * Opens `gateward.sqlite` in the data directory, made where it is missing; only its owner can read it.
 *
 * @throws Fault `STORE_UNAVAILABLE` or `STORE_NEWER`
 */
export async function openSqliteStore(dataDirectory: string): Promise<LockedStore> {
  const connection = connect(dataDirectory)
  const kysely = new Kysely<Schema>({ dialect: sqliteDialect(connection) })
  try {
    await migrateKeys(kysely)
  } catch (thrown) {
    connection[Symbol.dispose]()
    throw thrown
  }
  const dataKeys = new SqliteDataKeyStore(connection, kysely)
  return {
    dataKeys,
    async unlock(keys) {
      const sealing = new Sealing(keys)
      const hasChanged = await connection.migrating(() => migrate(kysely, sealing))
      // What stood there before it was sealed must not remain in pages that are free now, nor in the journal.
      if (hasChanged) connection.compact()
      connection.becomeImpatient()
      const contentKeys = new SqliteContentKeyStore(connection, kysely, sealing)
      return {
        accounts: new SqliteAccountStore(connection, kysely, sealing),
        audit: new SqliteAuditStore(connection, kysely, sealing),
        configurations: new SqliteConfigurationStore(connection, kysely, sealing),
        alerts: new SqliteAlertStore(connection, kysely, sealing),
        anomalies: new SqliteAnomalyStore(connection, kysely, sealing),
        apiKeys: new SqliteApiKeyStore(connection, kysely, sealing),
        contentKeys,
        dataKeys,
        quotas: new SqliteQuotaStore(connection, kysely, sealing),
        acme: new SqliteAcmeStore(connection, kysely, sealing),
        discovery: new SqliteDiscoveryStore(connection, kysely),
        leases: new SqliteLeaseStore(connection, kysely),
        history: new SqliteHistoryStore(connection, kysely, new RollupNames(contentKeys)),
        versions: new SqliteVersionStore(connection, kysely, sealing),
        sealed: new SqliteSealedValues(connection, kysely, sealing),
      }
    },
    [Symbol.asyncDispose]: async () => connection[Symbol.dispose](),
  }
}

function connect(dataDirectory: string): SqliteConnection {
  const file = join(dataDirectory, storeFile)
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
