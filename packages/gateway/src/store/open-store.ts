import { openSqliteStore } from './sqlite/sqlite-store.ts'
import type { LockedStore } from './store.ts'

/** Where the store can be: `sqlite` is a file in the data directory. */
export type StoreLocation = 'sqlite'

/**
 * Opens the store as far as its data keys; with them it is unlocked.
 *
 * @throws Fault `STORE_UNAVAILABLE` where it cannot be opened, `STORE_NEWER` where a later version has written it
 */
export function openStore(location: StoreLocation, dataDirectory: string): Promise<LockedStore> {
  const open = technologies[location]
  return open(dataDirectory)
}

const technologies: Readonly<Record<StoreLocation, (dataDirectory: string) => Promise<LockedStore>>> = {
  sqlite: openSqliteStore,
}
