import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ByteWriter, type ByteSink } from './byte-writer.ts'

const segmentsKept = 8
const segmentPattern = /^(\d{13,15})\.ndjson$/

/**
 * Keeps the lines of past exchanges in a folder of segments, bounded in size: the oldest segment goes when a new one
 * begins. Writing waits for nobody and never throws; what the disk cannot take, or not in time, is dropped and counted.
 */
export class RecordWriter implements ByteSink, AsyncDisposable {
  readonly #folder: string
  readonly #segmentSize: number
  readonly #now: () => number
  #segment: ByteWriter
  #droppedBefore = 0
  #written = 0
  #failure: string | undefined

  /** @param maximumSize bytes of all segments together */
  constructor(folder: string, maximumSize: number, now: () => number) {
    this.#folder = folder
    this.#segmentSize = Math.max(65_536, Math.floor(maximumSize / segmentsKept))
    this.#now = now
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#segment = this.#openSegment()
  }

  /** Lines that were lost because the disk was slower than the traffic, or did not take them. */
  get dropped(): number {
    return this.#droppedBefore + this.#segment.dropped
  }

  /** Why: the code of what failed last, such as `ENOSPC`; `undefined`: the disk was too slow. */
  get failure(): string | undefined {
    return this.#failure ?? this.#segment.failure
  }

  write(bytes: Buffer, lines: number): void {
    const isFull = this.#written + bytes.length > this.#segmentSize
    if (isFull && !this.#rotate() && this.#written > 2 * this.#segmentSize) {
      this.#droppedBefore += lines
      return
    }
    this.#written += bytes.length
    this.#segment.write(bytes, lines)
  }

  /** Hands everything to the disk; for readers in the same process. */
  flush(): Promise<void> {
    return this.#segment.flush()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#segment[Symbol.asyncDispose]()
  }

  /** Without a file to go on with (too many are open, the folder is gone), the one that is open takes as much again. */
  #rotate(): boolean {
    const full = this.#segment
    try {
      this.#segment = this.#openSegment()
    } catch (error) {
      this.#failure = toCode(error)
      return false
    }
    this.#failure = undefined
    void full[Symbol.asyncDispose]().finally(() => (this.#droppedBefore += full.dropped))
    this.#written = 0
    return true
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

function toCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

/** The segment files of a folder, newest first; an empty list where there is no folder. */
export function listSegments(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return []
  return readdirSync(folder)
    .filter((name) => segmentPattern.test(name))
    .sort((left, right) => Number.parseInt(right) - Number.parseInt(left))
}
