/** What a client wrote is not Kafka's protocol. */
export class ProtocolViolation extends Error {}

/** Reads the primitive types of Kafka's protocol. */
export class WireReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get rest(): number {
    return this.#bytes.length - this.#at
  }

  int8(): number {
    return this.take(1).readInt8()
  }

  int16(): number {
    return this.take(2).readInt16BE()
  }

  int32(): number {
    return this.take(4).readInt32BE()
  }

  uint32(): number {
    return this.take(4).readUInt32BE()
  }

  int64(): bigint {
    return this.take(8).readBigInt64BE()
  }

  bool(): boolean {
    const value = this.int8()
    if (value !== 0 && value !== 1) throw new ProtocolViolation(`a boolean is ${value}`)
    return value === 1
  }

  /** A signed varint of 64 bits, in zigzag. */
  varlong(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.take(1).readUInt8()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return (value >> 1n) ^ -(value & 1n)
    }
    throw new ProtocolViolation('a varint does not end')
  }

  /** A signed varint of 32 bits, in zigzag. */
  varint(): number {
    const value = this.varlong()
    if (BigInt.asIntN(32, value) !== value) throw new ProtocolViolation('a varint is too large')
    return Number(value)
  }

  nullableString(): string | undefined {
    const length = this.int16()
    return length === -1 ? undefined : this.#text(length)
  }

  string(): string {
    const text = this.nullableString()
    if (text === undefined) throw new ProtocolViolation('a string is null')
    return text
  }

  bytes(): Buffer {
    return this.take(this.int32())
  }

  array<Item>(item: () => Item): Item[] {
    const length = this.int32()
    if (length < 0 || length > this.rest) throw new ProtocolViolation(`an array has ${length} items`)
    return Array.from({ length }, item)
  }

  end(): void {
    if (this.rest !== 0) throw new ProtocolViolation(`${this.rest} bytes follow the end`)
  }

  take(length: number): Buffer {
    if (length < 0 || length > this.rest)
      throw new ProtocolViolation(`${length} bytes where ${this.rest} are left`)
    return this.#bytes.subarray(this.#at, (this.#at += length))
  }

  #text(length: number): string {
    const bytes = this.take(length)
    const text = bytes.toString()
    if (!Buffer.from(text).equals(bytes)) throw new ProtocolViolation('a string is not UTF-8')
    return text
  }
}

/** Writes answers, a call a field. */
export class WireWriter {
  readonly #pieces: Buffer[] = []

  int8(value: number): this {
    return this.raw(Buffer.from([value & 0xff]))
  }

  int16(value: number): this {
    const bytes = Buffer.alloc(2)
    bytes.writeInt16BE(value)
    return this.raw(bytes)
  }

  int32(value: number): this {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(value)
    return this.raw(bytes)
  }

  int64(value: bigint): this {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64BE(value)
    return this.raw(bytes)
  }

  string(text: string | undefined): this {
    if (text === undefined) return this.int16(-1)
    const bytes = Buffer.from(text)
    return this.int16(bytes.length).raw(bytes)
  }

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

  /** All of it as a message: its length before it. */
  frame(): Buffer {
    const body = Buffer.concat(this.#pieces)
    const length = Buffer.alloc(4)
    length.writeInt32BE(body.length)
    return Buffer.concat([length, body])
  }
}
