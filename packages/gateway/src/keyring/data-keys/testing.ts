import { ManualClock, Secret } from '@gateward/kernel'
import { createSecretKey, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../store/open-store.ts'
import type { LockedStore } from '../../store/store.ts'
import type { KeyEncryptionKey } from '../providers/key-encryption-key.ts'
import { createLocalKey } from '../providers/local-key.ts'
import { openDataKeys, type OpenDataKeys } from './open-data-keys.ts'

/** Data keys over a store of their own, for one test. */
export interface TestDataKeys extends AsyncDisposable {
  readonly store: LockedStore['dataKeys']
  readonly locked: LockedStore
  readonly clock: ManualClock
  readonly kek: KeyEncryptionKey
  readonly keys: OpenDataKeys
}

/** A key-encryption key that nobody else has. */
export function testKek(): KeyEncryptionKey {
  return createLocalKey('test', new Secret(createSecretKey(randomBytes(32))))
}

/** Opens data keys for a test. */
export async function openTestDataKeys(): Promise<TestDataKeys> {
  const directory = mkdtempSync(join(tmpdir(), 'gateward-data-keys-'))
  const locked = await openStore('sqlite', directory)
  const clock = new ManualClock()
  const kek = testKek()
  const store = locked.dataKeys
  const keys = await openDataKeys({ store, kek, clock })
  return {
    store,
    locked,
    clock,
    kek,
    keys,
    async [Symbol.asyncDispose]() {
      await keys[Symbol.asyncDispose]()
      await locked[Symbol.asyncDispose]()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
