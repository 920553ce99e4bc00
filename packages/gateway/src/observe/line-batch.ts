import type { ByteSink } from './byte-writer.ts'

const flushAtCharacters = 262_144
const flushEveryMilliseconds = 200

/**
 * Gathers lines and hands them on together, at the latest after 200 ms: the same bytes to every sink, so that a line that
 * goes to log and records is put together and encoded once.
 */
export class LineBatch {
  readonly #sinks: readonly ByteSink[]
  #lines: string[] = []
  #characters = 0
  #timer: NodeJS.Timeout | undefined

  constructor(sinks: readonly ByteSink[]) {
    this.#sinks = sinks
  }

  write(line: string): void {
    this.#lines.push(line)
    this.#characters += line.length
    if (this.#characters >= flushAtCharacters) this.handOn()
    else this.#timer ??= setTimeout(() => this.handOn(), flushEveryMilliseconds).unref()
  }

  /** Hands on what has gathered. */
  handOn(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#lines.length === 0) return
    const bytes = Buffer.from(this.#lines.join(''))
    const count = this.#lines.length
    this.#lines = []
    this.#characters = 0
    for (const sink of this.#sinks) sink.write(bytes, count)
  }
}
