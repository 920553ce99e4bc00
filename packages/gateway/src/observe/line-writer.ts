import { isPlainCharacter, quote } from './quote.ts'

const blockSize = 524_288
/** What must be free in a block for it to be written on in. */
const leastRoom = 16_384
const longestCopied = 100

/**
 * Writes lines straight into bytes: no text is put together that would only be taken apart again. A block is never written
 * over; what was taken of it stays as it is for as long as somebody holds it.
 */
export class LineWriter {
  #block: Buffer = Buffer.allocUnsafeSlow(blockSize)
  #start = 0
  #at = 0

  /** Bytes written since the last `take`. */
  get length(): number {
    return this.#at - this.#start
  }

  /** The bytes written since the last time. */
  take(): Buffer {
    const taken = this.#block.subarray(this.#start, this.#at)
    this.#start = this.#at
    if (this.#block.length - this.#at < leastRoom) this.#renew(blockSize)
    return taken
  }

  /** Forgets what was written since the last `take` beyond so many bytes. */
  cutTo(length: number): void {
    this.#at = Math.min(this.#at, this.#start + length)
  }

  /** Bytes that were prepared (`toBytes`). */
  bytes(prepared: Uint8Array): void {
    this.#reserve(prepared.length)
    this.#block.set(prepared, this.#at)
    this.#at += prepared.length
  }

  /** A text that holds nothing but ASCII. */
  ascii(text: string): void {
    this.#reserve(text.length)
    this.#at += this.#block.write(text, this.#at, 'latin1')
  }

  /** Any text, as UTF-8. */
  text(text: string): void {
    this.#reserve(text.length * 3)
    this.#at += this.#block.write(text, this.#at)
  }

  /** A text as a JSON string. */
  quoted(text: string): void {
    if (text.length > longestCopied) {
      this.ascii(quote(text))
      return
    }
    this.#reserve(text.length + 2)
    const block = this.#block
    let at = this.#at
    block[at++] = quotationMark
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (!isPlainCharacter(code)) {
        this.ascii(quote(text))
        return
      }
      block[at++] = code
    }
    block[at++] = quotationMark
    this.#at = at
  }

  /** A number that is whole. */
  integer(value: number): void {
    if (!(value >= 0 && value <= longestInteger)) {
      this.ascii(String(value))
      return
    }
    this.#reserve(10)
    const end = this.#at + digitsOf(value)
    this.#digits(value, this.#at, end)
    this.#at = end
  }

  /** A number with three places after the point. */
  thousandths(value: number): void {
    const thousandths = Math.round(value * 1_000)
    if (!(thousandths >= 0 && thousandths <= longestInteger)) {
      this.ascii(value.toFixed(3))
      return
    }
    const whole = Math.trunc(thousandths / 1_000)
    this.integer(whole)
    this.#reserve(4)
    this.#block[this.#at] = point
    this.#digits(thousandths - whole * 1_000, this.#at + 1, this.#at + 4)
    this.#at += 4
  }

  #digits(value: number, start: number, end: number): void {
    const block = this.#block
    let rest = value
    for (let at = end - 1; at >= start; at--) {
      const tenth = Math.trunc(rest / 10)
      block[at] = zero + rest - tenth * 10
      rest = tenth
    }
  }

  #reserve(length: number): void {
    if (this.#at + length > this.#block.length) this.#renew(Math.max(blockSize, (this.length + length) * 2))
  }

  /** Goes on in a new block, with what was not taken yet. */
  #renew(size: number): void {
    const block = Buffer.allocUnsafeSlow(size)
    this.#at = this.#block.copy(block, 0, this.#start, this.#at)
    this.#start = 0
    this.#block = block
  }
}

/** Prepares a text of ASCII for `LineWriter.bytes`. */
export function toBytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'))
}

const quotationMark = 0x22
const point = 0x2e
const zero = 0x30
const longestInteger = 999_999_999

function digitsOf(value: number): number {
  let digits = 1
  for (let bound = 10; value >= bound; bound *= 10) digits++
  return digits
}
