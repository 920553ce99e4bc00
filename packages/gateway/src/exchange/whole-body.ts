import { readJson, type JsonLimits, type JsonReading } from './strict-json.ts'

/**
 * A body held whole, within the operation's bound. It is parsed at most once, and what one guard changed
 * the next one sees; it is written anew only if something changed.
 */
export class WholeBody {
  /** The `Content-Type` as received, or `undefined`. */
  readonly contentType: string | undefined
  /** The bounds within which it is read as JSON. */
  readonly limits: JsonLimits
  #bytes: Buffer
  #reading: JsonReading | undefined
  #changed = false

  constructor(bytes: Buffer, contentType: string | undefined, limits: JsonLimits) {
    this.#bytes = bytes
    this.contentType = contentType
    this.limits = limits
  }

  /** The body as JSON, read strictly within the limits; the same object every time. */
  json(): JsonReading {
    this.#reading ??= readJson(this.#bytes, this.limits)
    return this.#reading
  }

  /** Puts another JSON value in its place; also call it after a change inside the value. */
  replaceJson(value: unknown): void {
    this.#reading = { kind: 'value', value }
    this.#changed = true
  }

  /** Puts other bytes in its place. */
  replaceBytes(bytes: Buffer): void {
    this.#bytes = bytes
    this.#reading = undefined
    this.#changed = false
  }

  /** The bytes as they stand now, with every change. */
  toBytes(): Buffer {
    if (this.#changed && this.#reading?.kind === 'value') {
      this.#bytes = Buffer.from(JSON.stringify(this.#reading.value))
      this.#changed = false
    }
    return this.#bytes
  }
}
