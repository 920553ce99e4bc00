import { ManualClock, Secret } from '@gateward/kernel'
import { createSecretKey, randomBytes } from 'node:crypto'
import { openTestStore, type TestStore } from '../../store/testing.ts'
import type { KeyEncryptionKey } from '../providers/key-encryption-key.ts'
import { createLocalKey } from '../providers/local-key.ts'
import { openDataKeys, type OpenDataKeys } from './open-data-keys.ts'

/** Data keys over a store of their own, for one test. */
export interface TestDataKeys extends AsyncDisposable {
  readonly subject: TestStore
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
  const subject = await openTestStore()
  const clock = new ManualClock()
  const kek = testKek()
  const keys = await openDataKeys({ store: subject.store.dataKeys, kek, clock })
  return {
    subject,
    clock,
    kek,
    keys,
    async [Symbol.asyncDispose]() {
      await keys[Symbol.asyncDispose]()
      await subject[Symbol.asyncDispose]()
    },
  }
}
