import { readRecord, type ExchangeRecord } from './exchange-record.ts'
import type { RecordArchive } from './record-archive.ts'

/** Reads the records of a data folder, oldest first, from a time on (milliseconds since the epoch). */
export async function* readRecords(archive: RecordArchive, since: number): AsyncGenerator<ExchangeRecord> {
  for (const segment of archive.segments().toReversed()) {
    await using blocks = await archive.open(segment)
    if (blocks === undefined) continue
    for await (const { lines } of blocks.forward())
      for (const line of lines.toString().split('\n')) {
        const record = readRecord(line)
        if (record !== undefined && Date.parse(record.time) >= since) yield record
      }
  }
}
