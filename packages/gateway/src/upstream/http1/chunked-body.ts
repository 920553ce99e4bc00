/** Where the bytes of a chunked body go; returns whether more is wanted now. */
interface ChunkSink {
  onData(bytes: Buffer): boolean
}

/**
 * Reads a body in chunks (RFC 9112 section 7.1): sizes of at most thirteen hex digits, exact as a number; extensions and
 * trailers are read over and dropped, within bounds, since they belong to this hop or were promised to nobody.
 */
export class ChunkedBody {
  /** Whether the last part was data after which somebody wants no more for now. */
  paused = false
  #part: 'size' | 'data' | 'gap' | 'trailers' | 'over' = 'over'
  #missing = 0
  #line = ''
  #trailerBytes = 0

  /** Whether the last chunk and what follows it have been read. */
  get isOver(): boolean {
    return this.#part === 'over'
  }

  begin(): void {
    this.#part = 'size'
    this.#line = ''
    this.#trailerBytes = 0
    this.paused = false
  }

  /** Takes bytes from `at` on, to the end of one part; the place after what it took, or what is wrong. */
  read(bytes: Buffer, at: number, sink: ChunkSink): number | string {
    this.paused = false
    return this.#part === 'data' ? this.#readData(bytes, at, sink) : this.#readLine(bytes, at)
  }

  #readData(bytes: Buffer, at: number, sink: ChunkSink): number {
    const end = Math.min(bytes.length, at + this.#missing)
    this.#missing -= end - at
    if (this.#missing === 0) this.#part = 'gap'
    this.paused = !sink.onData(bytes.subarray(at, end))
    return end
  }

  #readLine(bytes: Buffer, at: number): number | string {
    const feed = bytes.indexOf(lineFeed, at)
    const end = feed === -1 ? bytes.length : feed + 1
    if (this.#line.length + end - at > longestLine) return 'the answer has a chunk whose line is too long'
    this.#line += bytes.toString('latin1', at, end)
    if (feed === -1) return end
    const line = this.#line
    this.#line = ''
    return this.#takeLine(line) ?? end
  }

  #takeLine(line: string): string | undefined {
    if (this.#part === 'size') return this.#takeSize(line)
    if (this.#part === 'gap') {
      this.#part = 'size'
      return line === '\r\n' ? undefined : 'the answer has a chunk that is longer than it says'
    }
    if (line === '\r\n') {
      this.#part = 'over'
      return undefined
    }
    this.#trailerBytes += line.length
    return trailer.test(line) && this.#trailerBytes <= mostTrailerBytes
      ? undefined
      : 'the answer has malformed trailers'
  }

  #takeSize(line: string): string | undefined {
    const digits = chunkSize.exec(line)?.[1]
    if (digits === undefined) return 'the answer has a malformed chunk size'
    this.#missing = Number.parseInt(digits, 16)
    this.#part = this.#missing === 0 ? 'trailers' : 'data'
    return undefined
  }
}

const lineFeed = 0x0a
const longestLine = 4_096
const mostTrailerBytes = 8_192

const chunkSize = /^([0-9a-fA-F]{1,13})(?:[\t ]*;[\t\x20-\x7e\x80-\xff]*)?\r\n$/
const trailer = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n$/
