import type { Kysely } from 'kysely'
import type { Sealing } from '../../keyring/sealing/sealing.ts'
import { createApiKeys } from './migrations/0001-api-keys.ts'
import { createQuotas } from './migrations/0002-quotas.ts'
import { createDataKeys } from './migrations/0003-data-keys.ts'
import { createAcme } from './migrations/0004-acme.ts'
import { sealValues } from './migrations/0005-sealed-values.ts'
import { createAudit } from './migrations/0020-audit.ts'
import { createAccounts } from './migrations/0021-accounts.ts'
import { createConfigurationVersions } from './migrations/0022-configuration-versions.ts'
import { createHistory } from './migrations/0030-history.ts'
import { createAlerts } from './migrations/0031-alerts.ts'
import { createAnomalies } from './migrations/0032-anomalies.ts'
import { createDiscovery } from './migrations/0040-discovery.ts'
import { sealWatch } from './migrations/0041-sealed-watch.ts'
import { addAcknowledgements } from './migrations/0042-alert-acknowledgements.ts'
import { sealPeople } from './migrations/0043-sealed-people.ts'
import { createContentKeys } from './migrations/0044-content-keys.ts'
import { createVersions } from './migrations/0045-versions.ts'

/**
 * Every step from an empty file to the schema of this version, in order of name. A step that was published is never
 * changed; there is no way back: an older program refuses a newer file. Steps until {@link lastStepWithoutKeys} are taken
 * before the keys of the store can be read, and must not use them.
 */
export const migrations: Readonly<Record<string, Step>> = {
  '0001-api-keys': createApiKeys,
  '0002-quotas': createQuotas,
  '0003-data-keys': createDataKeys,
  '0004-acme': createAcme,
  '0005-sealed-values': sealValues,
  '0020-audit': createAudit,
  '0021-accounts': createAccounts,
  '0022-configuration-versions': createConfigurationVersions,
  '0030-history': createHistory,
  '0031-alerts': createAlerts,
  '0032-anomalies': createAnomalies,
  '0040-discovery': createDiscovery,
  '0041-sealed-watch': sealWatch,
  '0042-alert-acknowledgements': addAcknowledgements,
  '0043-sealed-people': sealPeople,
  '0044-content-keys': createContentKeys,
  '0045-versions': createVersions,
}

/** The step that makes the table of data keys. */
export const lastStepWithoutKeys = '0003-data-keys'

/** @param sealing gives what seals values in the store */
type Step = (schema: Kysely<unknown>, sealing: () => Sealing) => Promise<void>
