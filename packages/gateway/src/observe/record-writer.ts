import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ByteWriter, type ByteSink } from './byte-writer.ts'

const segmentsKept = 8
const segmentPattern = /^(\d{13,15})\.ndjson$/

/**
 * Keeps the lines of past exchanges in a folder of segments, bounded in size: the oldest segment goes when a new one
 * begins. Writing waits for nobody; what the disk cannot take in time is dropped and counted.
 */
export class RecordWriter implements ByteSink, AsyncDisposable {
  readonly #folder: string
  readonly #segmentSize: number
  readonly #now: () => number
  #segment: ByteWriter
  #droppedBefore = 0
  #written = 0

  /** @param maximumSize bytes of all segments together */
  constructor(folder: string, maximumSize: number, now: () => number) {
    this.#folder = folder
    this.#segmentSize = Math.max(65_536, Math.floor(maximumSize / segmentsKept))
    this.#now = now
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#segment = this.#openSegment()
  }

  /** Lines that were lost because the disk was slower than the traffic. */
  get dropped(): number {
    return this.#droppedBefore + this.#segment.dropped
  }

  write(bytes: Buffer, lines: number): void {
    this.#written += bytes.length
    if (this.#written > this.#segmentSize) this.#rotate(bytes.length)
    this.#segment.write(bytes, lines)
  }

  /** Hands everything to the disk; for readers in the same process. */
  flush(): Promise<void> {
    return this.#segment.flush()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#segment[Symbol.asyncDispose]()
  }

  #rotate(firstLength: number): void {
    const full = this.#segment
    this.#segment = this.#openSegment()
    void full[Symbol.asyncDispose]().finally(() => (this.#droppedBefore += full.dropped))
    this.#written = firstLength
  }

  #openSegment(): ByteWriter {
    for (const old of listSegments(this.#folder).slice(segmentsKept - 1))
      rmSync(join(this.#folder, old), { force: true })
    const newest = listSegments(this.#folder)[0]
    const latestName = newest === undefined ? 0 : Number(segmentPattern.exec(newest)?.[1] ?? 0)
    const name = `${Math.max(this.#now(), latestName + 1)}.ndjson`
    return new ByteWriter(join(this.#folder, name))
  }
}

/** The segment files of a folder, newest first; an empty list where there is no folder. */
export function listSegments(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return []
  return readdirSync(folder)
    .filter((name) => segmentPattern.test(name))
    .sort((left, right) => Number.parseInt(right) - Number.parseInt(left))
}
