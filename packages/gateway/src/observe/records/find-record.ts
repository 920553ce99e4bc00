import { readRecord, type ExchangeRecord } from './exchange-record.ts'
import type { RecordArchive } from './record-archive.ts'

/** Finds the record of a request id, newest segment first; `undefined` where it was never written or is gone already. */
export async function findRecord(archive: RecordArchive, id: string): Promise<ExchangeRecord | undefined> {
  const needle = `"id":"${id}"`
  for (const segment of archive.segments()) {
    await using blocks = await archive.open(segment)
    if (blocks === undefined) continue
    for await (const { lines } of blocks.backward(undefined)) {
      const found = lines.indexOf(needle)
      if (found < 0) continue
      const start = lines.lastIndexOf('\n', found) + 1
      return readRecord(lines.toString('utf8', start, lines.indexOf('\n', found)))
    }
  }
  return undefined
}
