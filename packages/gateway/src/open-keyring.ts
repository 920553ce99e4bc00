import { mkdirSync } from 'node:fs'
import { toFault, type Clock, type Fault } from '@gateward/kernel'
import { openDataKeys, type OpenDataKeys } from './keyring/data-keys/open-data-keys.ts'
import { loadPepper, type Pepper } from './keyring/pepper.ts'
import type { KeyEncryptionKey } from './keyring/providers/key-encryption-key.ts'
import { defaultKeyFile, openKeyFile } from './keyring/providers/key-file.ts'
import { openStore } from './store/open-store.ts'
import type { Store } from './store/store.ts'

/** Where the keyring of a gateway is, running or not. */
export interface KeyringLocation {
  readonly data: string
  /** The configured pepper; `undefined`: that of the data folder. */
  readonly pepper: Pepper | undefined
}

/** The store, and all that is needed to read it. */
export interface OpenKeyring {
  readonly store: Store
  readonly dataKeys: OpenDataKeys
  readonly kek: KeyEncryptionKey
  readonly pepper: Pepper
}

/**
 * Opens the keys and the store of a data folder; `stack` closes them in the reverse order.
 *
 * @param onFault hears what fails later on, while what was loaded goes on
 * @throws Fault `KEK_…`, `PEPPER_UNUSABLE` or `STORE_…`
 */
export async function openKeyring(
  { data, pepper }: KeyringLocation,
  clock: Clock,
  stack: AsyncDisposableStack,
  onFault?: (fault: Fault) => void,
): Promise<OpenKeyring> {
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const locked = stack.use(await openStore('sqlite', data))
  // A key-encryption key is made only where there is nothing yet that it could not unwrap.
  const isNew = (await locked.dataKeys.list()).length === 0
  const kek = openKeyFile(defaultKeyFile(data), isNew)
  const dataKeys = stack.use(
    await openDataKeys({
      store: locked.dataKeys,
      kek,
      clock,
      onFault: (thrown) => onFault?.(toFault(thrown)),
    }),
  )
  const store = await locked.unlock(dataKeys)
  return { store, dataKeys, kek, pepper: pepper ?? (await loadPepper(data, [kek])) }
}
