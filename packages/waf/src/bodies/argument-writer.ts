import type { ByteString } from '../language/bytes.ts'
import type { BodyLimits } from './body-limits.ts'
import type { BodyCollection, BodySink } from './body-sink.ts'
import type { InnerValue } from './json/read-json-inside.ts'
import { readJsonInside } from './json/read-json-inside.ts'
import { readJwt } from './json/read-jwt.ts'

/** How often JSON is opened that stands as a text in other JSON. Each time the text has shrunk. */
const mostWrappings = 3

/** A sink with room for as many arguments as the limits allow, which opens JSON that is wrapped into one. */
export class ArgumentWriter {
  readonly #sink: BodySink
  readonly #limits: BodyLimits
  #count: number
  #nameBytes: number

  /** @param nameBytes bytes that all names together may have, where they can be longer than what they are read from */
  constructor(sink: BodySink, limits: BodyLimits, nameBytes = Number.POSITIVE_INFINITY) {
    this.#sink = sink
    this.#limits = limits
    this.#count = limits.argumentsBefore ?? 0
    this.#nameBytes = nameBytes
  }

  /** Adds an argument, or says in words why there is no room for it. */
  add(collection: BodyCollection, name: ByteString, value: ByteString): string | undefined {
    return this.#addOpened(collection, name, value, mostWrappings)
  }

  #addOpened(
    collection: BodyCollection,
    name: ByteString,
    value: ByteString,
    wrappings: number,
  ): string | undefined {
    if (value.length > this.#limits.jsonInArgumentBytes || !holdsArguments(collection) || wrappings === 0) {
      return this.#addOne(collection, name, value)
    }
    const inside = readJsonInside(name, value, this.#limits)
    if (inside === undefined) return this.#addWithClaims(collection, name, value, wrappings)
    return this.#addAll(collection, inside, wrappings)
  }

  /** Adds a value, and what it says where it is a token: the token itself has no byte that any rule asks for. */
  #addWithClaims(
    collection: BodyCollection,
    name: ByteString,
    value: ByteString,
    wrappings: number,
  ): string | undefined {
    return (
      this.#addOne(collection, name, value) ??
      this.#addAll(collection, readJwt(name, value, this.#limits) ?? [], wrappings)
    )
  }

  #addAll(collection: BodyCollection, values: readonly InnerValue[], wrappings: number): string | undefined {
    for (const [path, leaf] of values) {
      const error = this.#addOpened(collection, path, leaf, wrappings - 1)
      if (error !== undefined) return error
    }
    return undefined
  }

  #addOne(collection: BodyCollection, name: ByteString, value: ByteString): string | undefined {
    if (this.#count >= this.#limits.arguments) return `more than ${this.#limits.arguments} arguments`
    if (name.length > this.#nameBytes) return 'names that are too long together'
    this.#count += 1
    this.#nameBytes -= name.length
    this.#sink.add(collection, name, value)
    return undefined
  }
}

function holdsArguments(collection: BodyCollection): boolean {
  return collection === 'ARGS_GET' || collection === 'ARGS_POST' || collection === 'REQUEST_COOKIES'
}
