import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { readRecord, type ExchangeRecord } from './find-record.ts'
import { listSegments } from './record-writer.ts'

/**
 * Reads the records of a folder, oldest first, from a time on (milliseconds since the epoch). A line that was cut off, as the
 * last one may be while a gateway writes, is passed over.
 */
export async function* readRecords(folder: string, since: number): AsyncGenerator<ExchangeRecord> {
  for (const segment of listSegments(folder).toReversed()) {
    const lines = createInterface({ input: createReadStream(join(folder, segment)), crlfDelay: Infinity })
    for await (const line of lines) {
      const record = readRecord(line)
      if (record !== undefined && Date.parse(record.time) >= since) yield record
    }
  }
}
