import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { readRecord, type ExchangeRecord } from './find-record.ts'
import { listSegments } from './record-writer.ts'

/** What is looked for, and how far. */
export interface RecordSearch {
  readonly matches: (record: ExchangeRecord) => boolean
  /** Whether everything older than this record is too old. */
  readonly isBeyond: (record: ExchangeRecord) => boolean
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor: string | undefined
}

/** What was found, the newest first. */
export interface RecordPage {
  readonly records: readonly ExchangeRecord[]
  /** Where to go on; `undefined`: there is no more. */
  readonly next: string | undefined
  /** The time of the oldest record that was looked at. */
  readonly searchedDownTo: string | undefined
}

/** Bytes that one page looks through at most, so that a search for what is rare ends in about a second. */
const mostBytes = 48 * 1_048_576
/** So little that reading its lines takes a few milliseconds at most. */
const blockSize = 64 * 1_024

/**
 * Looks through the records from the newest to the oldest, a block at a time, so that traffic goes on between two. A page
 * may end before `limit` is reached; `next` says that there is more.
 */
export async function searchRecords(folder: string, search: RecordSearch): Promise<RecordPage> {
  const finder = new Finder(search)
  const from = readCursor(search.cursor)
  for (const segment of listSegments(folder)) {
    const begins = Number.parseInt(segment)
    if (from !== undefined && begins > from.segment) continue
    const end = from !== undefined && begins === from.segment ? from.offset : undefined
    await finder.searchSegment(folder, segment, end)
    if (finder.ended) break
  }
  return finder.page()
}

class Finder {
  ended = false
  readonly #search: RecordSearch
  readonly #records: ExchangeRecord[] = []
  #budget = mostBytes
  #next: string | undefined
  #oldest: string | undefined

  constructor(search: RecordSearch) {
    this.#search = search
  }

  async searchSegment(folder: string, segment: string, end: number | undefined): Promise<void> {
    const file = await open(join(folder, segment)).catch(() => undefined)
    // The oldest segment may have gone since the folder was read.
    if (file === undefined) return
    try {
      await this.#searchFile(file, Number.parseInt(segment), end ?? (await file.stat()).size)
    } finally {
      await file.close()
    }
  }

  page(): RecordPage {
    return { records: this.#records, next: this.#next, searchedDownTo: this.#oldest }
  }

  async #searchFile(file: FileHandle, segment: number, end: number): Promise<void> {
    let rest = Buffer.alloc(0)
    for (let position = end; position > 0;) {
      const start = Math.max(0, position - blockSize)
      const block = Buffer.alloc(position - start)
      const { bytesRead } = await file.read(block, 0, block.length, start)
      const bytes = Buffer.concat([block.subarray(0, bytesRead), rest])
      // What stands before the first line feed goes on in the block before.
      const first = start === 0 ? 0 : bytes.indexOf(lineFeed) + 1
      if (this.#searchBlock(bytes, first, segment, start)) return
      rest = start === 0 ? Buffer.alloc(0) : bytes.subarray(0, first)
      position = start
      this.#budget -= bytesRead
      if (this.#budget <= 0) {
        this.#stop(segment, start + first)
        return
      }
    }
  }

  /** Looks at the lines of a block from its end to `first`; true where the search is over. */
  #searchBlock(bytes: Buffer, first: number, segment: number, start: number): boolean {
    for (let end = bytes.length; end > first;) {
      const begin = Math.max(first, bytes.lastIndexOf(lineFeed, end - 2) + 1)
      const record = readRecord(bytes.toString('utf8', begin, end))
      end = begin
      if (record === undefined) continue
      if (this.#search.isBeyond(record)) {
        this.ended = true
        return true
      }
      this.#oldest = record.time
      if (!this.#search.matches(record)) continue
      this.#records.push(record)
      if (this.#records.length < this.#search.limit) continue
      this.#stop(segment, start + begin)
      return true
    }
    return false
  }

  #stop(segment: number, offset: number): void {
    this.ended = true
    this.#next = `${segment}-${offset}`
  }
}

const lineFeed = 0x0a

function readCursor(text: string | undefined): { segment: number; offset: number } | undefined {
  const match = /^(\d{13,15})-(\d{1,15})$/.exec(text ?? '')
  return match === null ? undefined : { segment: Number(match[1]), offset: Number(match[2]) }
}
