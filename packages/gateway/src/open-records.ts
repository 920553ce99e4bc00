import { join } from 'node:path'
import { systemClock } from '@gateward/kernel'
import { findRecord } from './observe/records/find-record.ts'
import type { ExchangeRecord } from './observe/records/exchange-record.ts'
import { readRecords } from './observe/records/read-records.ts'
import { RecordArchive } from './observe/records/record-archive.ts'
import { sealOldRecords } from './observe/records/seal-old-records.ts'
import { openKeyring, type KeyringLocation } from './open-keyring.ts'
import type { Store } from './store/store.ts'

/** The records of a data folder, for the command line; a gateway may run on the same one. */
export interface Records extends AsyncDisposable {
  /** Finds the record of a request id; `undefined` where it was never written or is gone already. */
  find(id: string): Promise<ExchangeRecord | undefined>
  /** All from a time on, oldest first. @param since milliseconds since the Unix epoch */
  read(since: number): AsyncGenerator<ExchangeRecord>
}

/**
 * Opens the records of a data folder, which are sealed: it takes the keys of the store to read them.
 *
 * @throws DiagnosticError where the keys cannot be had
 */
export async function openRecords(location: KeyringLocation): Promise<Records> {
  const stack = new AsyncDisposableStack()
  try {
    const { store } = await openKeyring(location, systemClock, stack)
    await sealOldRecords(recordFolder(location.data), store.contentKeys)
    const archive = openArchive(location.data, store)
    return {
      find: (id) => findRecord(archive, id),
      read: (since) => readRecords(archive, since),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    }
  } catch (thrown) {
    await stack.disposeAsync()
    throw thrown
  }
}

/** The records of a data folder whose store is open. */
export function openArchive(data: string, { contentKeys }: Pick<Store, 'contentKeys'>): RecordArchive {
  return new RecordArchive(recordFolder(data), contentKeys)
}

/** The folder of records in a data folder. */
export function recordFolder(data: string): string {
  return join(data, 'records')
}
