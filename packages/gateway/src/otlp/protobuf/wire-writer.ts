const firstSize = 65_536

/**
 * Writes protobuf's wire format from the end to the beginning: the length of a message stands before it, and is known when
 * what it holds is written.
 */
export class WireWriter {
  #bytes: Buffer = Buffer.allocUnsafe(firstSize)
  #at = firstSize

  /** Bytes written so far. */
  get length(): number {
    return this.#bytes.length - this.#at
  }

  /** All that was written. */
  finish(): Buffer {
    return this.#bytes.subarray(this.#at)
  }

  /** A tag: the number of a field, and how long what follows is (the wire type). */
  tag(field: number, wireType: 0 | 1 | 2 | 5): void {
    this.varint(field * 8 + wireType)
  }

  /** Makes all that was written since the length was `before` the value of a field. */
  closeSized(field: number, before: number): void {
    this.varint(this.length - before)
    this.tag(field, 2)
  }

  /** A whole number from 0 to 2^53. */
  varint(value: number): void {
    if (value < 0x80) {
      this.#reserve(1)
      this.#bytes[this.#at] = value
      return
    }
    let size = 1
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++
    this.#reserve(size)
    let at = this.#at
    let rest = value
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[at++] = (rest % 0x80) | 0x80
    this.#bytes[at] = rest
  }

  /** An `int64`: a negative one is written in two's complement, with ten bytes. */
  int64(value: bigint): void {
    let rest = BigInt.asUintN(64, value)
    const bytes: number[] = []
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
    bytes.push(Number(rest))
    this.bytes(Uint8Array.from(bytes))
  }

  fixed32(value: number): void {
    this.#reserve(4)
    this.#bytes.writeUInt32LE(value, this.#at)
  }

  fixed64(value: bigint): void {
    this.#reserve(8)
    this.#bytes.writeBigUInt64LE(value, this.#at)
  }

  double(value: number): void {
    this.#reserve(8)
    this.#bytes.writeDoubleLE(value, this.#at)
  }

  text(value: string): void {
    const { length } = value
    this.#reserve(length)
    const bytes = this.#bytes
    const at = this.#at
    // Short texts are most, and ASCII; asking Node for each costs more than writing it.
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index)
      if (code > 0x7f) {
        this.#at += length
        this.bytes(Buffer.from(value))
        return
      }
      bytes[at + index] = code
    }
  }

  /** Bytes that are written as hexadecimal digits. */
  hexadecimal(digits: string): void {
    const size = digits.length >> 1
    this.#reserve(size)
    for (let index = 0; index < size; index++)
      this.#bytes[this.#at + index] =
        (nibble(digits.charCodeAt(2 * index)) << 4) | nibble(digits.charCodeAt(2 * index + 1))
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length)
    this.#bytes.set(value, this.#at)
  }

  /** Goes back by so many bytes, into which the caller writes. */
  #reserve(size: number): void {
    if (size > this.#at) {
      const written = this.finish()
      const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, written.length + size))
      this.#at = grown.length - written.length
      written.copy(grown, this.#at)
      this.#bytes = grown
    }
    this.#at -= size
  }
}

/** `0` to `9`, `a` to `f`. */
function nibble(code: number): number {
  return code < 0x3a ? code - 0x30 : code - 0x57
}
