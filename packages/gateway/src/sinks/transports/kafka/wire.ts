import { KafkaError } from './kafka-error.ts'

/** Writes the primitive types of Kafka's protocol ("Protocol Primitive Types"), a call a field. */
export class KafkaWriter {
  readonly #pieces: Buffer[] = []

  int16(value: number): this {
    const bytes = Buffer.allocUnsafe(2)
    bytes.writeInt16BE(value)
    return this.raw(bytes)
  }

  int32(value: number): this {
    const bytes = Buffer.allocUnsafe(4)
    bytes.writeInt32BE(value)
    return this.raw(bytes)
  }

  boolean(value: boolean): this {
    return this.raw(Buffer.from([value ? 1 : 0]))
  }

  /** NULLABLE_STRING. */
  string(text: string | undefined): this {
    if (text === undefined) return this.int16(-1)
    const bytes = Buffer.from(text)
    return this.int16(bytes.length).raw(bytes)
  }

  /** BYTES, and RECORDS. */
  bytes(bytes: Buffer): this {
    return this.int32(bytes.length).raw(bytes)
  }

  array<Item>(items: readonly Item[], write: (item: Item) => void): this {
    this.int32(items.length)
    for (const item of items) write(item)
    return this
  }

  raw(bytes: Buffer): this {
    this.#pieces.push(bytes)
    return this
  }

  finish(): Buffer {
    return Buffer.concat(this.#pieces)
  }
}

/** Reads them; whatever does not fit into the bytes is an error, and nothing is allocated by a length that was only claimed. */
export class KafkaReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  int8(): number {
    return this.#take(1).readInt8()
  }

  int16(): number {
    return this.#take(2).readInt16BE()
  }

  int32(): number {
    return this.#take(4).readInt32BE()
  }

  int64(): bigint {
    return this.#take(8).readBigInt64BE()
  }

  /** `undefined`: null. */
  string(): string | undefined {
    const length = this.int16()
    return length === -1 ? undefined : this.#take(length).toString()
  }

  bytes(): Buffer {
    const length = this.int32()
    return length === -1 ? Buffer.alloc(0) : this.#take(length)
  }

  array<Item>(read: () => Item): readonly Item[] {
    const items: Item[] = []
    for (let count = this.int32(); count > 0; count--) items.push(read())
    return items
  }

  #take(length: number): Buffer {
    const end = this.#at + length
    if (length < 0 || end > this.#bytes.length) throw new KafkaError('an answer that is not of the protocol')
    return this.#bytes.subarray(this.#at, (this.#at = end))
  }
}
