import { ManualClock, Secret, systemClock } from '@gateward/kernel'
import { createSecretKey } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDataKey } from '../keyring/data-keys/create-data-key.ts'
import { openDataKeys, settleTime, type OpenDataKeys } from '../keyring/data-keys/open-data-keys.ts'
import type { DataKeyPurpose } from '../keyring/data-keys/purposes.ts'
import { createLocalKey } from '../keyring/providers/local-key.ts'
import { openStore } from './open-store.ts'
import type { LockedStoreUnderTest } from './data-key-store.contract.ts'
import type { Store } from './store.ts'

/** A store in a folder of its own for one test; disposing it removes the folder. */
export interface TestStore extends AsyncDisposable {
  readonly directory: string
  readonly store: Store
  /** The keys of what is sealed in it. */
  readonly keys: OpenDataKeys
  /** Gives a purpose another key, as if that had been a while ago; returns its id. */
  rotate(purpose: DataKeyPurpose): Promise<string>
  /** Closes the store and opens it again, as a restart does. */
  reopen(): Promise<Store>
}

/** The key under which the data keys of every test store are wrapped. */
export const testStoreKek = createLocalKey('test', new Secret(createSecretKey(Buffer.alloc(32, 7))))

/** Opens a fresh embedded store for a test. */
export async function openTestStore(): Promise<TestStore> {
  const directory = mkdtempSync(join(tmpdir(), 'gateward-store-'))
  let opened = await openWithKeys(directory)
  return {
    directory,
    get store() {
      return opened.store
    },
    get keys() {
      return opened.keys
    },
    async rotate(purpose) {
      const clock = new ManualClock(Date.now() - settleTime)
      const { store, keys } = opened
      const before = keys.active(purpose).id
      const made = await createDataKey({ store: store.dataKeys, kek: testStoreKek, clock }, purpose, before)
      await keys.refresh()
      return made?.id ?? ''
    },
    async reopen() {
      await opened[Symbol.asyncDispose]()
      opened = await openWithKeys(directory)
      return opened.store
    },
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Opens the store of a folder under the key that all test stores have. */
export async function openWithKeys(
  directory: string,
): Promise<AsyncDisposable & { readonly store: Store; readonly keys: OpenDataKeys }> {
  const locked = await openStore('sqlite', directory)
  const keys = await openDataKeys({ store: locked.dataKeys, kek: testStoreKek, clock: systemClock })
  return {
    store: await locked.unlock(keys),
    keys,
    async [Symbol.asyncDispose]() {
      await keys[Symbol.asyncDispose]()
      await locked[Symbol.asyncDispose]()
    },
  }
}

/** Opens a store as it is before it has keys, for a test. */
export async function openTestLockedStore(): Promise<LockedStoreUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), 'gateward-store-'))
  let store = await openStore('sqlite', directory)
  return {
    get store() {
      return store
    },
    async reopen() {
      await store[Symbol.asyncDispose]()
      store = await openStore('sqlite', directory)
      return store
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
