import { systemClock } from '@gateward/kernel'
import { createAlertManagement, type AlertManagement } from './alerting/alert-management.ts'
import { openKeyring, type KeyringLocation } from './open-keyring.ts'

/** Opens the alerts of a data folder; a gateway that runs on the same folder follows silences that are set here. */
export async function openAlertManagement(
  location: KeyringLocation,
): Promise<AlertManagement & AsyncDisposable> {
  const stack = new AsyncDisposableStack()
  try {
    const { store } = await openKeyring(location, systemClock, stack)
    const management = createAlertManagement(store.alerts, systemClock)
    return { ...management, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  } catch (thrown) {
    await stack.disposeAsync()
    throw thrown
  }
}
