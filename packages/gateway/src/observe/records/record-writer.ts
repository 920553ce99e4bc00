import { mkdirSync, rmSync } from 'node:fs'
import type { ContentKeyStore } from '../../store/content-key-store.ts'
import { ByteWriter, type ByteSink } from '../byte-writer.ts'
import { BlockSealing } from './block-sealing.ts'
import { sealOldRecords } from './seal-old-records.ts'
import { listSegments, removeSegment, segmentPath, type Segment } from './segments.ts'

const segmentsKept = 8

/** What records are written with. */
export interface RecordWriterOptions {
  readonly folder: string
  /** Bytes of all segments together. */
  readonly maximumSize: number
  /** Where the keys of segments are. */
  readonly keys: ContentKeyStore
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
}

/** A file that is written, and what its blocks are sealed with. */
interface OpenSegment {
  readonly file: ByteWriter
  readonly sealing: BlockSealing
}

/**
 * Keeps the lines of past exchanges in a folder of segments, bounded in size: the oldest segment goes when a new one
 * begins. What is written together is sealed together. Writing waits for nobody and never throws; what the disk cannot take,
 * or not in time, is dropped and counted.
 */
export class RecordWriter implements ByteSink, AsyncDisposable {
  readonly #options: RecordWriterOptions
  readonly #segmentSize: number
  #segment: OpenSegment
  #droppedBefore = 0
  #written = 0
  #failure: string | undefined
  #rotating: Promise<void> | undefined

  private constructor(options: RecordWriterOptions, segmentSize: number, segment: OpenSegment) {
    this.#options = options
    this.#segmentSize = segmentSize
    this.#segment = segment
  }

  /** Begins a segment, and seals those that an earlier version has left as they were. */
  static async open(options: RecordWriterOptions): Promise<RecordWriter> {
    const { folder, keys, maximumSize } = options
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    await sealOldRecords(folder, keys)
    const segmentSize = Math.max(65_536, Math.floor(maximumSize / segmentsKept))
    return new RecordWriter(options, segmentSize, await openSegment(options))
  }

  /** Lines that were lost because the disk was slower than the traffic, or did not take them. */
  get dropped(): number {
    return this.#droppedBefore + this.#segment.file.dropped
  }

  /** Why: the code of what failed last, such as `ENOSPC`; `undefined`: the disk was too slow. */
  get failure(): string | undefined {
    return this.#failure ?? this.#segment.file.failure
  }

  /** @param bytes whole lines */
  write(bytes: Buffer, lines: number): void {
    if (this.#written > 2 * this.#segmentSize) this.#droppedBefore += lines
    else {
      const block = this.#segment.sealing.seal(bytes)
      this.#written += block.length
      this.#segment.file.write(block, lines)
    }
    if (this.#written > this.#segmentSize) this.#rotating ??= this.#rotate()
  }

  /** Hands everything to the disk; for readers in the same process. */
  async flush(): Promise<void> {
    await this.#rotating
    await this.#segment.file.flush()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rotating
    await this.#segment.file[Symbol.asyncDispose]()
  }

  /**
   * Without a segment to go on with (too many files are open, the folder is gone, the store is busy), the one that is open takes
   * as much again.
   */
  async #rotate(): Promise<void> {
    try {
      const next = await openSegment(this.#options)
      const { file } = this.#segment
      this.#segment = next
      this.#written = 0
      this.#failure = undefined
      await file[Symbol.asyncDispose]()
      this.#droppedBefore += file.dropped
    } catch (error) {
      this.#failure = toCode(error)
    } finally {
      this.#rotating = undefined
    }
  }
}

async function openSegment({ folder, keys, now }: RecordWriterOptions): Promise<OpenSegment> {
  const segments = listSegments(folder)
  for (const old of segments.slice(segmentsKept - 1)) await removeSegment(folder, old, keys)
  const segment: Segment = Math.max(now(), (segments[0] ?? 0) + 1)
  // The file first: a folder that is gone must not leave a key behind at each attempt.
  const file = new ByteWriter(segmentPath(folder, segment))
  try {
    return { file, sealing: await BlockSealing.provide(keys, segment) }
  } catch (thrown) {
    await file[Symbol.asyncDispose]()
    rmSync(segmentPath(folder, segment), { force: true })
    throw thrown
  }
}

function toCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
