import { mkdirSync } from 'node:fs'
import { DiagnosticError, toFault, type Clock, type Fault } from '@gateward/kernel'
import type { KeyringSettings } from './config/keyring-settings.ts'
import { openDataKeys, type OpenDataKeys } from './keyring/data-keys/open-data-keys.ts'
import { loadPepper, type Pepper } from './keyring/pepper.ts'
import type { KeyEncryptionKey } from './keyring/providers/key-encryption-key.ts'
import { openProvider } from './keyring/providers/open-provider.ts'
import { openStore } from './store/open-store.ts'
import type { LockedStore, Store } from './store/store.ts'

/** Where the keyring of a gateway is, running or not. */
export interface KeyringLocation {
  readonly data: string
  /** The section `keyring` of the configuration. */
  readonly keyring: KeyringSettings
}

/** The store, and all that is needed to read it. */
export interface OpenKeyring {
  readonly store: Store
  readonly dataKeys: OpenDataKeys
  readonly kek: KeyEncryptionKey
  readonly formerKeks: readonly KeyEncryptionKey[]
  readonly pepper: Pepper
}

/**
 * Opens the keys and the store of a data folder; `stack` closes them in the reverse order.
 *
 * @param onFault hears what fails later on, while what was loaded goes on
 * @throws DiagnosticError where the keys cannot be had, and Fault `STORE_…` where the store cannot be opened
 */
export async function openKeyring(
  { data, keyring }: KeyringLocation,
  clock: Clock,
  stack: AsyncDisposableStack,
  onFault?: (fault: Fault) => void,
): Promise<OpenKeyring> {
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const locked = stack.use(await openStore('sqlite', data))
  try {
    const keks = await openKeks({ data, keyring }, locked, clock)
    const [kek, ...formerKeks] = keks
    const dataKeys = stack.use(
      await openDataKeys({
        store: locked.dataKeys,
        kek,
        formerKeks,
        clock,
        onFault: (thrown) => onFault?.(toFault(thrown)),
      }),
    )
    const pepper = keyring.pepper ?? (await loadPepper(data, keks))
    return { store: await locked.unlock(dataKeys), dataKeys, kek, formerKeks, pepper }
  } catch (thrown) {
    throw keyringDiagnostic(thrown)
  }
}

/**
 * The key-encryption key of a configuration, and those before it.
 *
 * @param mayCreate whether a key file that is lost is made anew, though what it wrapped cannot be unwrapped by the new one
 */
export async function openKeks(
  { data, keyring }: KeyringLocation,
  locked: LockedStore,
  clock: Clock,
  mayCreate = false,
): Promise<readonly [KeyEncryptionKey, ...KeyEncryptionKey[]]> {
  const known = [...new Set((await locked.dataKeys.list()).map(({ kek }) => kek))]
  const context = { data, known, clock, mayCreate: mayCreate || !known.some((id) => id.startsWith('file:')) }
  const kek = await openProvider(keyring.provider, context)
  const former: KeyEncryptionKey[] = []
  for (const settings of keyring.former) former.push(await openProvider(settings, context))
  return [kek, ...former]
}

/** What a person can do about keys that cannot be had; anything else as it was thrown. */
export function keyringDiagnostic(thrown: unknown): unknown {
  const { code, message } = toFault(thrown)
  const fix = fixes[code]
  if (fix === undefined) return thrown
  return new DiagnosticError([
    { code: code.toLowerCase().replaceAll('_', '-'), severity: 'error', message, fix },
  ])
}

const fixes: Readonly<Record<string, string>> = {
  KEK_UNAVAILABLE: 'see that keyring.provider can be reached and used, and start again; nothing was changed',
  KEK_REFUSED: 'name the key-encryption key that wrapped it, or restore a backup: gateward keyring restore',
  KEK_UNUSABLE: 'put the key-encryption key back as it was, or restore a backup: gateward keyring restore',
  PEPPER_UNUSABLE: 'put the pepper back as it was, or restore a backup: gateward keyring restore',
}
