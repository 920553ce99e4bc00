/** What a first flight of TLS asks for: `incomplete` where more bytes are needed to know, `other` where it is no ClientHello. */
export type ClientHello =
  | { readonly kind: 'hello'; readonly protocols: readonly string[] }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'other' }

/**
 * Reads the protocols (ALPN, RFC 7301) that a ClientHello offers (RFC 8446 section 4.1.2). It must lie in one record,
 * which it may be and is everywhere: one that is split is `other`.
 */
export function readClientHello(bytes: Buffer): ClientHello {
  if (bytes.length > 0 && bytes[0] !== handshakeRecord) return other
  if (bytes.length < recordHeader) return incomplete
  const end = recordHeader + bytes.readUInt16BE(3)
  if (end > recordHeader + largestRecord) return other
  if (bytes.length < end) return incomplete
  try {
    return readHello(new ByteReader(bytes.subarray(recordHeader, end)))
  } catch (error) {
    // Lengths that lead out of the message: whoever ends TLS will say what is wrong with it.
    if (error instanceof RangeError) return other
    throw error
  }
}

const handshakeRecord = 22
const clientHello = 1
const alpnExtension = 16
const recordHeader = 5
const largestRecord = 16_384

const incomplete: ClientHello = { kind: 'incomplete' }
const other: ClientHello = { kind: 'other' }

function readHello(reader: ByteReader): ClientHello {
  if (reader.number(1) !== clientHello) return other
  const hello = new ByteReader(reader.vector(3))
  // Version and random, then the session id, the cipher suites and the compression methods.
  hello.skip(34)
  hello.vector(1)
  hello.vector(2)
  hello.vector(1)
  const protocols: string[] = []
  const extensions = new ByteReader(hello.isAtEnd ? nothing : hello.vector(2))
  while (!extensions.isAtEnd) {
    const type = extensions.number(2)
    const content = extensions.vector(2)
    if (type === alpnExtension) readProtocols(new ByteReader(new ByteReader(content).vector(2)), protocols)
  }
  return { kind: 'hello', protocols }
}

const nothing = Buffer.alloc(0)

function readProtocols(list: ByteReader, protocols: string[]): void {
  while (!list.isAtEnd) protocols.push(list.vector(1).toString('latin1'))
}

/** Reads the vectors of TLS (RFC 8446 section 3.4); throws a RangeError past the end. */
class ByteReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  number(size: number): number {
    const value = this.#bytes.readUIntBE(this.#at, size)
    this.#at += size
    return value
  }

  skip(count: number): void {
    if (this.#at + count > this.#bytes.length) throw new RangeError('past the end')
    this.#at += count
  }

  /** Bytes with their count of `size` bytes in front. */
  vector(size: number): Buffer {
    const length = this.number(size)
    const start = this.#at
    this.skip(length)
    return this.#bytes.subarray(start, this.#at)
  }
}
