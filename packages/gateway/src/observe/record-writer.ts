import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'

type Destination = ReturnType<typeof pino.destination>

const segmentsKept = 8
const segmentPattern = /^(\d{13,15})\.ndjson$/

/**
 * Keeps the lines of past exchanges in a folder of segments, bounded in size: the oldest segment goes when a new one
 * begins. Writing waits for nobody; what the disk cannot take in time is dropped and counted.
 */
export class RecordWriter implements AsyncDisposable {
  /** Lines that were lost because the disk was slower than the traffic. */
  dropped = 0
  readonly #folder: string
  readonly #segmentSize: number
  readonly #now: () => number
  #segment: Destination
  #written = 0

  /** @param maximumSize bytes of all segments together */
  constructor(folder: string, maximumSize: number, now: () => number) {
    this.#folder = folder
    this.#segmentSize = Math.max(65_536, Math.floor(maximumSize / segmentsKept))
    this.#now = now
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#segment = this.#openSegment()
  }

  write(line: string): void {
    this.#written += line.length
    if (this.#written > this.#segmentSize) this.#rotate(line.length)
    this.#segment.write(line)
  }

  /** Hands everything to the disk; for readers in the same process. */
  flush(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#segment.flush(() => resolve())
    return promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush()
    this.#segment.end()
  }

  #rotate(firstLength: number): void {
    this.#segment.end()
    this.#segment = this.#openSegment()
    this.#written = firstLength
  }

  #openSegment(): Destination {
    for (const old of listSegments(this.#folder).slice(segmentsKept - 1))
      rmSync(join(this.#folder, old), { force: true })
    const newest = listSegments(this.#folder)[0]
    const latestName = newest === undefined ? 0 : Number(segmentPattern.exec(newest)?.[1] ?? 0)
    const name = `${Math.max(this.#now(), latestName + 1)}.ndjson`
    const segment = pino.destination({
      dest: join(this.#folder, name),
      mode: 0o600,
      sync: false,
      minLength: 65_536,
      maxWrite: 262_144,
      maxLength: 16_777_216,
      periodicFlush: 200,
    })
    segment.on('drop', () => this.dropped++)
    segment.on('error', () => this.dropped++)
    return segment
  }
}

/** The segment files of a folder, newest first; an empty list where there is no folder. */
export function listSegments(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return []
  return readdirSync(folder)
    .filter((name) => segmentPattern.test(name))
    .sort((left, right) => Number.parseInt(right) - Number.parseInt(left))
}
