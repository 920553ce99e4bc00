import { open, type FileHandle } from 'node:fs/promises'
import type { BlockSealing } from './block-sealing.ts'

/** Lines of records that were written together. */
export interface RecordBlock {
  /** Where the block stands in its file: its first byte, and the one behind its last. */
  readonly start: number
  readonly end: number
  /** Whole lines, each with its line feed. */
  readonly lines: Buffer
}

/** How much of a file is read at once; a block is hardly ever longer. */
const readBytes = 524_288

/** The file of a segment, to be read a block at a time; what is no whole block in it is passed over. */
export class SealedBlocks implements AsyncDisposable {
  readonly #file: FileHandle
  readonly #sealing: BlockSealing

  constructor(file: FileHandle, sealing: BlockSealing) {
    this.#file = file
    this.#sealing = sealing
  }

  /** The oldest first. */
  async *forward(): AsyncGenerator<RecordBlock> {
    let rest = Buffer.alloc(0)
    let position = 0
    for (let chunk = await this.#read(0); chunk.length > 0; chunk = await this.#read(position)) {
      const start = position - rest.length
      position += chunk.length
      const bytes = Buffer.concat([rest, chunk])
      let begin = 0
      for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, begin)) {
        yield* this.#open(bytes.subarray(begin, end), start + begin)
        begin = end + 1
      }
      rest = bytes.subarray(begin)
    }
    // The last line feed may be all that was cut off.
    yield* this.#open(rest, position - rest.length)
  }

  /** The newest first, of those that stand before `end`; `undefined`: all. */
  async *backward(end: number | undefined): AsyncGenerator<RecordBlock> {
    let rest = Buffer.alloc(0)
    for (let position = end ?? (await this.#file.stat()).size; position > 0;) {
      const start = Math.max(0, position - readBytes)
      const bytes = Buffer.concat([await this.#read(start, position - start), rest])
      let last = bytes.length
      for (let feed = lastFeed(bytes, last); feed >= 0; feed = lastFeed(bytes, last)) {
        yield* this.#open(bytes.subarray(feed + 1, last), start + feed + 1)
        last = feed
      }
      // What stands before the first line feed goes on in the part before.
      rest = bytes.subarray(0, last)
      position = start
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close()
  }

  *#open(block: Buffer, start: number): Generator<RecordBlock> {
    const lines = block.length === 0 ? undefined : this.#sealing.open(block)
    if (lines !== undefined) yield { start, end: start + block.length, lines }
  }

  async #read(position: number, length = readBytes): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length)
    const { bytesRead } = await this.#file.read(buffer, 0, length, position)
    return buffer.subarray(0, bytesRead)
  }
}

/** `undefined` where there is no such file. */
export async function openBlocks(path: string, sealing: BlockSealing): Promise<SealedBlocks | undefined> {
  try {
    return new SealedBlocks(await open(path), sealing)
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw thrown
  }
}

function lastFeed(bytes: Buffer, before: number): number {
  return before === 0 ? -1 : bytes.lastIndexOf(lineFeed, before - 1)
}

const lineFeed = 0x0a
