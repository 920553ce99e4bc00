import { Breather } from '@gateward/kernel'
import { readRecord, type ExchangeRecord } from './exchange-record.ts'
import type { RecordArchive } from './record-archive.ts'
import type { RecordBlock } from './sealed-blocks.ts'
import type { Segment } from './segments.ts'

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

/**
 * Looks through the records from the newest to the oldest, a few at a time, so that traffic goes on meanwhile. A page may end
 * before `limit` is reached; `next` says that there is more.
 */
export async function searchRecords(archive: RecordArchive, search: RecordSearch): Promise<RecordPage> {
  const finder = new Finder(search)
  const from = readCursor(search.cursor)
  for (const segment of archive.segments()) {
    if (from !== undefined && segment > from.segment) continue
    await finder.searchSegment(archive, segment, from?.segment === segment ? from : undefined)
    if (finder.ended) break
  }
  return finder.page()
}

class Finder {
  ended = false
  readonly #search: RecordSearch
  readonly #records: ExchangeRecord[] = []
  readonly #breather = new Breather()
  #budget = mostBytes
  #next: string | undefined
  #oldest: string | undefined

  constructor(search: RecordSearch) {
    this.#search = search
  }

  async searchSegment(archive: RecordArchive, segment: Segment, from: Cursor | undefined): Promise<void> {
    await using blocks = await archive.open(segment)
    if (blocks === undefined) return
    for await (const block of blocks.backward(from?.end)) {
      // Of the block in which the page before ended, what that page has seen is passed over.
      const seenFrom = block.end === from?.end ? from.line : undefined
      await this.#searchBlock(block, segment, seenFrom ?? block.lines.length)
      this.#budget -= block.lines.length
      if (!this.ended && this.#budget <= 0) this.#stop(segment, block.start)
      if (this.ended) return
    }
  }

  page(): RecordPage {
    return { records: this.#records, next: this.#next, searchedDownTo: this.#oldest }
  }

  /** Looks at the lines of a block that stand before `to`, the last one first. */
  async #searchBlock({ lines, end: blockEnd }: RecordBlock, segment: Segment, to: number): Promise<void> {
    for (let end = to; end > 0;) {
      await this.#breather.pause()
      const begin = end < 2 ? 0 : lines.lastIndexOf(lineFeed, end - 2) + 1
      const record = readRecord(lines.toString('utf8', begin, end))
      end = begin
      if (record === undefined) continue
      if (this.#search.isBeyond(record)) {
        this.ended = true
        return
      }
      this.#oldest = record.time
      if (!this.#search.matches(record)) continue
      this.#records.push(record)
      if (this.#records.length < this.#search.limit) continue
      this.#stop(segment, blockEnd, begin)
      return
    }
  }

  #stop(segment: Segment, end: number, line?: number): void {
    this.ended = true
    this.#next = [segment, end, line].filter((part) => part !== undefined).join('-')
  }
}

const lineFeed = 0x0a

/** Where a search goes on: before `line` in the block that ends at `end`, or with the block before it. */
interface Cursor {
  readonly segment: Segment
  readonly end: number
  readonly line: number | undefined
}

function readCursor(text: string | undefined): Cursor | undefined {
  const match = /^(\d{13,15})-(\d{1,15})(?:-(\d{1,15}))?$/.exec(text ?? '')
  if (match === null) return undefined
  const [, segment, end, line] = match
  return {
    segment: Number(segment),
    end: Number(end),
    line: line === undefined ? undefined : Number(line),
  }
}
