import type { ByteSink } from './byte-writer.ts'
import { LineWriter } from './line-writer.ts'

const flushAtBytes = 262_144
const flushEveryMilliseconds = 200

/**
 * Gathers lines and hands them on together, at the latest after 200 ms: the same bytes to every sink, so that a line that
 * goes to log and records is written once.
 */
export class LineBatch {
  /** Where a line is written; `endLine` says that it is whole. */
  readonly line = new LineWriter()
  readonly #sinks: readonly ByteSink[]
  #lines = 0
  #timer: NodeJS.Timeout | undefined

  constructor(sinks: readonly ByteSink[]) {
    this.#sinks = sinks
  }

  /** A whole line with its line feed. */
  write(line: string): void {
    this.line.text(line)
    this.endLine()
  }

  /** The line that was written is whole. */
  endLine(): void {
    this.#lines++
    if (this.line.length >= flushAtBytes) this.handOn()
    else this.#timer ??= setTimeout(() => this.handOn(), flushEveryMilliseconds).unref()
  }

  /** Hands on what has gathered. */
  handOn(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#lines === 0) return
    const bytes = this.line.take()
    const count = this.#lines
    this.#lines = 0
    for (const sink of this.#sinks) sink.write(bytes, count)
  }
}
