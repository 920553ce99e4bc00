import type { ByteString } from '../language/bytes.ts'
import type { BodyLimits } from './body-limits.ts'
import type { BodyCollection, BodySink } from './body-sink.ts'

/** A sink with room for as many arguments as the limits allow. */
export class ArgumentWriter {
  readonly #sink: BodySink
  readonly #limits: BodyLimits
  #count = 0
  #nameBytes: number

  /** @param nameBytes bytes that all names together may have, where they can be longer than what they are read from */
  constructor(sink: BodySink, limits: BodyLimits, nameBytes = Number.POSITIVE_INFINITY) {
    this.#sink = sink
    this.#limits = limits
    this.#nameBytes = nameBytes
  }

  /** Adds an argument, or says in words why there is no room for it. */
  add(collection: BodyCollection, name: ByteString, value: ByteString): string | undefined {
    if (this.#count >= this.#limits.arguments) return `more than ${this.#limits.arguments} arguments`
    if (name.length > this.#nameBytes) return 'names that are too long together'
    this.#count += 1
    this.#nameBytes -= name.length
    this.#sink.add(collection, name, value)
    return undefined
  }
}

/**
 * Bytes that the names of a document's values may have together. Each repeats the path to its value, so that a short text
 * could make rules read megabytes; a document as applications write them stays within its own length and a little more.
 */
export function roomForPaths(text: ByteString): number {
  return text.length + 65_536
}
