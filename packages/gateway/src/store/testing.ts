import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from './open-store.ts'
import type { Store } from './store.ts'

/** A store in a folder of its own for one test; disposing it removes the folder. */
export interface TestStore extends AsyncDisposable {
  readonly directory: string
  readonly store: Store
  /** Closes the store and opens it again, as a restart does. */
  reopen(): Promise<Store>
}

/** Opens a fresh embedded store for a test. */
export async function openTestStore(): Promise<TestStore> {
  const directory = mkdtempSync(join(tmpdir(), 'gateward-store-'))
  let store = await openStore('sqlite', directory)
  return {
    directory,
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
