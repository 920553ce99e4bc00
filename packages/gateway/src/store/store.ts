import type { AccountStore } from './account-store.ts'
import type { AlertStore } from './alert-store.ts'
import type { AnomalyStore } from './anomaly-store.ts'
import type { AcmeStore } from './acme-store.ts'
import type { ApiKeyStore } from './api-key-store.ts'
import type { AuditStore } from './audit-store.ts'
import type { ConfigurationStore } from './configuration-store.ts'
import type { ContentKeyStore } from './content-key-store.ts'
import type { DataKeyStore } from './data-key-store.ts'
import type { DiscoveryStore } from './discovery-store.ts'
import type { HistoryStore } from './history-store.ts'
import type { DataKeys } from '../keyring/data-keys/data-keys.ts'
import type { LeaseStore } from './lease-store.ts'
import type { QuotaStore } from './quota-store.ts'
import type { SealedValues } from './sealed-values.ts'
import type { VersionStore } from './version-store.ts'

/** What must outlive the process, behind ports: each technology keeps the same laws. */
export interface Store {
  readonly accounts: AccountStore
  readonly alerts: AlertStore
  readonly anomalies: AnomalyStore
  readonly apiKeys: ApiKeyStore
  readonly dataKeys: DataKeyStore
  readonly history: HistoryStore
  readonly audit: AuditStore
  readonly configurations: ConfigurationStore
  readonly contentKeys: ContentKeyStore
  readonly quotas: QuotaStore
  readonly acme: AcmeStore
  readonly leases: LeaseStore
  readonly discovery: DiscoveryStore
  readonly versions: VersionStore
  readonly sealed: SealedValues
}

/** A store before the keys of its sealed values are there; it is closed by disposing this. */
export interface LockedStore extends AsyncDisposable {
  readonly dataKeys: DataKeyStore
  /**
   * Brings the tables up to date and gives the whole store.
   *
   * @param keys the data keys of this store
   * @throws Fault `STORE_UNAVAILABLE`
   */
  unlock(keys: DataKeys): Promise<Store>
}
