import { systemClock } from '@gateward/kernel'
import { createAlertManagement, type AlertManagement } from './alerting/alert-management.ts'
import { createAnomalyManagement, type AnomalyManagement } from './anomaly/anomaly-management.ts'
import { openKeyring, type KeyringLocation } from './open-keyring.ts'
import type { Store } from './store/store.ts'

/** Opens the alerts of a data folder; a gateway that runs on the same folder follows silences that are set here. */
export function openAlertManagement(location: KeyringLocation): Promise<AlertManagement & AsyncDisposable> {
  return open(location, ({ alerts }) => createAlertManagement(alerts, systemClock))
}

/** Opens the anomalies of a data folder; a gateway that runs on the same folder follows within seconds. */
export function openAnomalyManagement(
  location: KeyringLocation,
): Promise<AnomalyManagement & AsyncDisposable> {
  return open(location, ({ anomalies }) => createAnomalyManagement(anomalies, systemClock))
}

async function open<Management extends object>(
  location: KeyringLocation,
  create: (store: Store) => Management,
): Promise<Management & AsyncDisposable> {
  const stack = new AsyncDisposableStack()
  try {
    const { store } = await openKeyring(location, systemClock, stack)
    return { ...create(store), [Symbol.asyncDispose]: () => stack.disposeAsync() }
  } catch (thrown) {
    await stack.disposeAsync()
    throw thrown
  }
}
