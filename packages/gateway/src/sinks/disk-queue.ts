import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { open, rename, rm, writeFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

const segmentSize = 4_194_304
/** Bytes that may wait in memory for a slow disk. */
const mostInMemory = 8_388_608

/** Lines taken from a queue; they are gone only when that is said. */
export interface QueueBatch {
  readonly lines: readonly string[]
  /** The same, each with its line feed, as they lie on the disk. */
  readonly bytes: Buffer
  /** The other side has them: they are never given out again. */
  commit(): Promise<void>
}

interface Position {
  readonly segment: number
  readonly offset: number
}

/**
 * Lines on their way to somewhere else, kept in files until they arrived: bounded, in order, over restarts. Adding never
 * waits. What was added is on its way to the disk at once; what a crash of the process may take is what no disk had yet.
 */
export class DiskQueue implements AsyncDisposable {
  /** Lines that were lost because the queue was full. */
  lost = 0
  readonly #folder: string
  readonly #maximum: number
  readonly #sizes = new Map<number, number>()
  #position: Position
  #last: number
  #bytes = 0
  #memory: Buffer[] = []
  #memoryBytes = 0
  #memoryLines = 0
  #writing: Promise<void> | undefined
  #handle: FileHandle | undefined

  /** @param maximum bytes on the disk */
  constructor(folder: string, maximum: number) {
    this.#folder = folder
    this.#maximum = maximum
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const segments = readdirSync(folder)
      .flatMap((name) => /^(\d{12})\.queue$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((left, right) => left - right)
    for (const segment of segments) this.#sizes.set(segment, statSync(this.#path(segment)).size)
    this.#position = this.#readCursor(segments[0] ?? 1)
    // A new segment after each start: whatever the last line of the old one was, it is not written on.
    this.#last = Math.max(this.#position.segment, segments.at(-1) ?? 0) + (segments.length === 0 ? 0 : 1)
    for (const [segment, size] of this.#sizes)
      this.#bytes +=
        segment === this.#position.segment
          ? size - this.#position.offset
          : segment < this.#position.segment
            ? 0
            : size
  }

  /** Bytes that wait, in memory and on the disk. */
  get waiting(): number {
    return this.#bytes + this.#memoryBytes
  }

  /** Bytes that can be added now. */
  get room(): number {
    return Math.min(mostInMemory - this.#memoryBytes, this.#maximum - this.waiting)
  }

  /** Adds whole lines, each with its line feed; where there is no room for them, they are counted as lost. */
  add(bytes: Buffer, lines: number): void {
    if (bytes.length > this.room) {
      this.lost += lines
      return
    }
    this.#memory.push(bytes)
    this.#memoryBytes += bytes.length
    this.#memoryLines += lines
    this.#writing ??= this.#write()
  }

  /** Resolves when all that was added is in a file. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
  }

  /** The oldest lines, at most so many bytes of them; `undefined` where none wait on the disk. */
  async read(bytes: number): Promise<QueueBatch | undefined> {
    for (;;) {
      const { segment, offset } = this.#position
      const size = this.#sizes.get(segment) ?? 0
      if (offset < size) {
        const batch = await this.#readFrom(segment, offset, Math.min(bytes, size - offset))
        if (batch !== undefined) return batch
      }
      if (segment >= this.#last) return undefined
      await this.#leave(segment)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush()
    await this.#handle?.close()
    this.#handle = undefined
  }

  async #readFrom(segment: number, offset: number, length: number): Promise<QueueBatch | undefined> {
    const handle = await open(this.#path(segment), 'r')
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset)
      const end = buffer.lastIndexOf(0x0a, bytesRead - 1) + 1
      // A line longer than was asked for is read whole; one that a crash cut off is given up with its segment.
      if (end === 0)
        return length < (this.#sizes.get(segment) ?? 0) - offset
          ? await this.#readFrom(segment, offset, length * 2)
          : undefined
      return new Batch(buffer.subarray(0, end), () => this.#commit({ segment, offset: offset + end }, end))
    } finally {
      await handle.close()
    }
  }

  async #commit(position: Position, bytes: number): Promise<void> {
    this.#position = position
    this.#bytes -= bytes
    const file = join(this.#folder, 'cursor')
    await writeFile(`${file}.new`, `${position.segment} ${position.offset}\n`, { mode: 0o600 })
    await rename(`${file}.new`, file)
  }

  async #leave(segment: number): Promise<void> {
    const next = Math.min(this.#last, ...[...this.#sizes.keys()].filter((number) => number > segment))
    const rest = (this.#sizes.get(segment) ?? 0) - this.#position.offset
    await this.#commit({ segment: next, offset: 0 }, Math.max(0, rest))
    this.#sizes.delete(segment)
    await rm(this.#path(segment), { force: true })
  }

  async #write(): Promise<void> {
    while (this.#memory.length > 0) {
      const bytes = this.#memory.length === 1 ? (this.#memory[0] as Buffer) : Buffer.concat(this.#memory)
      const lines = this.#memoryLines
      this.#memory = []
      this.#memoryLines = 0
      try {
        await (await this.#currentHandle()).appendFile(bytes)
        this.#sizes.set(this.#last, (this.#sizes.get(this.#last) ?? 0) + bytes.length)
        this.#bytes += bytes.length
      } catch {
        this.lost += lines
        // Part of a line may be there: nothing is written behind it.
        await this.#leaveSegment()
      }
      this.#memoryBytes -= bytes.length
      // What came meanwhile gathers for a moment, so that few events are not as many writes.
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    this.#writing = undefined
  }

  async #currentHandle(): Promise<FileHandle> {
    if ((this.#sizes.get(this.#last) ?? 0) >= segmentSize) await this.#leaveSegment()
    this.#handle ??= await open(this.#path(this.#last), 'a', 0o600)
    return this.#handle
  }

  async #leaveSegment(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    this.#last++
    await handle?.close().catch(() => undefined)
  }

  #readCursor(first: number): Position {
    try {
      const [segment = 0, offset = 0] = readFileSync(join(this.#folder, 'cursor'), 'utf8')
        .split(' ')
        .map(Number)
      if (segment >= first && Number.isSafeInteger(offset)) return { segment, offset }
    } catch {
      // There is none before the first batch arrived.
    }
    return { segment: first, offset: 0 }
  }

  #path(segment: number): string {
    return join(this.#folder, `${String(segment).padStart(12, '0')}.queue`)
  }
}

class Batch implements QueueBatch {
  readonly bytes: Buffer
  readonly commit: () => Promise<void>
  #lines: readonly string[] | undefined

  constructor(bytes: Buffer, commit: () => Promise<void>) {
    this.bytes = bytes
    this.commit = commit
  }

  // A receiver that takes bytes spares the way there and back.
  get lines(): readonly string[] {
    return (this.#lines ??= this.bytes.toString('utf8', 0, this.bytes.length - 1).split('\n'))
  }
}
