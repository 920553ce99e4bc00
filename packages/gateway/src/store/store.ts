import type { AcmeStore } from './acme-store.ts'
import type { ApiKeyStore } from './api-key-store.ts'
import type { DataKeyStore } from './data-key-store.ts'
import type { LeaseStore } from './lease-store.ts'
import type { HistoryStore } from './history-store.ts'
import type { QuotaStore } from './quota-store.ts'

/** What must outlive the process, behind ports: each technology keeps the same laws. */
export interface Store extends AsyncDisposable {
  readonly apiKeys: ApiKeyStore
  readonly dataKeys: DataKeyStore
  readonly history: HistoryStore
  readonly quotas: QuotaStore
  readonly acme: AcmeStore
  readonly leases: LeaseStore
}
