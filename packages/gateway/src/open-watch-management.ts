import { systemClock } from '@gateward/kernel'
import { createAlertManagement, type AlertManagement } from './alerting/alert-management.ts'
import { createAnomalyManagement, type AnomalyManagement } from './anomaly/anomaly-management.ts'
import type { AuditLog } from './audit/audit-log.ts'
import { auditAlerts, auditAnomalies } from './audit/audited-watch.ts'
import { commandLineActor, openSignedAudit } from './open-audit-trail.ts'
import { openKeyring, type KeyringLocation } from './open-keyring.ts'
import type { Store } from './store/store.ts'

/** Opens the alerts of a data folder; a gateway that runs on the same folder follows silences that are set here. */
export function openAlertManagement(location: KeyringLocation): Promise<AlertManagement & AsyncDisposable> {
  return open(location, ({ alerts }, audit) =>
    auditAlerts(createAlertManagement(alerts, systemClock), audit, commandLineActor()),
  )
}

/** Opens the anomalies of a data folder; a gateway that runs on the same folder follows within seconds. */
export function openAnomalyManagement(
  location: KeyringLocation,
): Promise<AnomalyManagement & AsyncDisposable> {
  return open(location, ({ anomalies }, audit) =>
    auditAnomalies(createAnomalyManagement(anomalies, systemClock), audit, commandLineActor()),
  )
}

async function open<Management extends object>(
  location: KeyringLocation,
  create: (store: Store, audit: AuditLog) => Management,
): Promise<Management & AsyncDisposable> {
  const stack = new AsyncDisposableStack()
  try {
    const keyring = await openKeyring(location, systemClock, stack)
    const management = create(keyring.store, openSignedAudit(keyring))
    return { ...management, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  } catch (thrown) {
    await stack.disposeAsync()
    throw thrown
  }
}
