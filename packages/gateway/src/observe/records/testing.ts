import { join } from 'node:path'
import { openTestStore, type TestStore } from '../../store/testing.ts'
import { RecordArchive } from './record-archive.ts'
import { RecordWriter } from './record-writer.ts'

/** Records in a folder of their own, with the keys of a test store. */
export interface TestRecords extends AsyncDisposable {
  readonly folder: string
  readonly subject: TestStore
  readonly archive: RecordArchive
  /** @param maximumSize bytes of all segments together; no segment is smaller than 64 KiB */
  openWriter(maximumSize?: number): Promise<RecordWriter>
}

export async function openTestRecords(): Promise<TestRecords> {
  const subject = await openTestStore()
  const folder = join(subject.directory, 'records')
  const keys = subject.store.contentKeys
  return {
    folder,
    subject,
    archive: new RecordArchive(folder, keys),
    openWriter: (maximumSize = 1) =>
      RecordWriter.open({ folder, maximumSize, keys, now: () => 1_700_000_000_000 }),
    [Symbol.asyncDispose]: () => subject[Symbol.asyncDispose](),
  }
}
