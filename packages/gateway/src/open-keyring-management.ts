import { mkdirSync } from 'node:fs'
import { systemClock } from '@gateward/kernel'
import { auditDataKeys } from './audit/audited-data-keys.ts'
import { gatherBackup } from './keyring/backup/backup-content.ts'
import {
  readBackup,
  writeBackup,
  type BackupLock,
  type BackupOpening,
  type WrittenBackup,
} from './keyring/backup/backup-file.ts'
import { restoreKeys, type RestoredKeys } from './keyring/backup/restore-keys.ts'
import { createDataKeyManagement, type DataKeyManagement } from './keyring/data-keys/data-key-management.ts'
import { exportEvidence, type KeyringEvidence } from './keyring/data-keys/evidence.ts'
import { gentlePace, rewrap, type RewrapPace, type RewrapProgress } from './keyring/data-keys/rewrap.ts'
import { restorePepper } from './keyring/pepper.ts'
import { commandLineActor, openSignedAudit } from './open-audit-trail.ts'
import { keyringDiagnostic, openKeks, openKeyring, type KeyringLocation } from './open-keyring.ts'
import { openStore } from './store/open-store.ts'

/** What can be done to a keyring from outside of a gateway; one that runs on the same data folder follows. */
export interface KeyringManagement extends DataKeyManagement, AsyncDisposable {
  /** Puts everything under the keys of now, and tells how far it is. */
  rewrap(pace?: RewrapPace): AsyncGenerator<RewrapProgress, void>
  exportEvidence(): Promise<KeyringEvidence>
  backup(lock: BackupLock): Promise<WrittenBackup>
}

/**
 * Opens the keyring of a data folder, made where there is none.
 *
 * @throws DiagnosticError where its keys cannot be had
 */
export async function openKeyringManagement(location: KeyringLocation): Promise<KeyringManagement> {
  const stack = new AsyncDisposableStack()
  try {
    const keyring = await openKeyring(location, systemClock, stack)
    const { store, dataKeys, kek, formerKeks, pepper } = keyring
    const input = { ...keyring, clock: systemClock }
    return {
      ...auditDataKeys(createDataKeyManagement(input), openSignedAudit(keyring), commandLineActor()),
      rewrap: (pace = gentlePace) => rewrap(input, pace),
      exportEvidence: () => exportEvidence(store, dataKeys, systemClock),
      async backup(lock) {
        const own = location.keyring.pepper === undefined ? pepper : undefined
        const keks = [kek, ...formerKeks]
        return writeBackup(await gatherBackup(store.dataKeys, keks, own, systemClock.now()), lock)
      },
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    }
  } catch (thrown) {
    await stack.disposeAsync()
    throw thrown
  }
}

/**
 * Puts the keys of a backup back into a data folder, under the key-encryption key of now; a key file that is lost is made
 * anew. No gateway may run on the folder.
 *
 * @throws DiagnosticError where the backup does not open, or is older than keys of the store
 */
export async function restoreKeyring(
  location: KeyringLocation,
  text: string,
  opening: BackupOpening,
): Promise<RestoredKeys> {
  const content = await readBackup(text, opening)
  mkdirSync(location.data, { recursive: true, mode: 0o700 })
  await using locked = await openStore('sqlite', location.data)
  try {
    const keks = await openKeks(location, locked, systemClock, true)
    const restored = await restoreKeys(locked.dataKeys, content, keks, systemClock)
    if (content.pepper !== undefined)
      await restorePepper(location.data, keks[0], Buffer.from(content.pepper, 'base64'))
    return restored
  } catch (thrown) {
    throw keyringDiagnostic(thrown)
  }
}
