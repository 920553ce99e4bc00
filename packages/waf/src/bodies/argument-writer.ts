import type { ByteString } from '../language/bytes.ts'
import type { BodyLimits } from './body-limits.ts'
import type { BodyCollection, BodySink } from './body-sink.ts'

/** A sink with room for as many arguments as the limits allow. */
export class ArgumentWriter {
  readonly #sink: BodySink
  readonly #limits: BodyLimits
  #count = 0

  constructor(sink: BodySink, limits: BodyLimits) {
    this.#sink = sink
    this.#limits = limits
  }

  /** Adds an argument, or says in words why there is no room for it. */
  add(collection: BodyCollection, name: ByteString, value: ByteString): string | undefined {
    if (this.#count >= this.#limits.arguments) return `more than ${this.#limits.arguments} arguments`
    this.#count += 1
    this.#sink.add(collection, name, value)
    return undefined
  }
}
