/**
 * Gathers the head of a message to the empty line that ends it. Where it comes in one piece nothing is copied; where it
 * comes in many, each byte is copied a bounded number of times and looked at once.
 */
export class HeadBuffer {
  readonly #maximum: number
  #bytes: Buffer = empty
  #length = 0
  #text = ''

  /** @param maximum bytes of the head, the empty line included */
  constructor(maximum: number) {
    this.#maximum = maximum
  }

  get isEmpty(): boolean {
    return this.#length === 0
  }

  /** The head up to the line break of its last line, once `take` has found its end. */
  get text(): string {
    return this.#text
  }

  /** Takes bytes from `at` on; where the head is whole, the place after it, else -1, or -2 where it is too large. */
  take(bytes: Buffer, at: number): number {
    if (this.#length > 0) return this.#append(bytes, at)
    const end = bytes.indexOf(emptyLine, at)
    if (end === -1) return this.#append(bytes, at)
    if (end + emptyLine.length - at > this.#maximum) return -2
    this.#text = bytes.toString('latin1', at, end + 2)
    return end + emptyLine.length
  }

  #append(bytes: Buffer, at: number): number {
    const before = this.#length
    const added = Math.min(bytes.length - at, this.#maximum - before)
    this.#grow(before + added)
    bytes.copy(this.#bytes, before, at, at + added)
    this.#length = before + added
    const gathered = this.#bytes.subarray(0, this.#length)
    const end = gathered.indexOf(emptyLine, Math.max(0, before - emptyLine.length + 1))
    if (end === -1) return this.#length === this.#maximum ? -2 : -1
    this.#text = gathered.toString('latin1', 0, end + 2)
    this.#bytes = empty
    this.#length = 0
    return at + end + emptyLine.length - before
  }

  #grow(needed: number): void {
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.min(this.#maximum, Math.max(needed, 2 * this.#bytes.length, 1_024)))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}

const empty = Buffer.alloc(0)
const emptyLine = Buffer.from('\r\n\r\n')
