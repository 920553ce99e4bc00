import { recordSeparator } from './json-lines.ts'

/** How JSON texts follow one another: on a line each, behind a record separator each (RFC 7464), or as a list's items. */
export type ItemFraming = 'lines' | 'sequence' | 'list'

/** What is wrong with a stream of JSON texts; the message quotes nothing of it. */
export class ItemsError extends Error {
  /** Whether it is nothing but its length. */
  readonly isTooLong: boolean

  constructor(message: string, isTooLong = false) {
    super(message)
    this.isTooLong = isTooLong
  }
}

/**
 * Takes a stream of JSON texts apart, each as its bytes, and puts them together again. It holds one unfinished text and no
 * more; that what it gives is JSON is for its caller to see. Takes time linear in the stream.
 */
export class JsonItems {
  readonly #framing: ItemFraming
  readonly #most: number
  /** What was read of a text that has not ended. */
  #held: Buffer[] = []
  #heldBytes = 0
  #written = 0
  // Of a list: where it is, how deep in brackets, and whether in a string.
  #place: 'before' | 'inside' | 'after' = 'before'
  #depth = 0
  #inString = false
  #escaped = false
  #count = 0

  /** @param most bytes that one text may have */
  constructor(framing: ItemFraming, most: number) {
    this.#framing = framing
    this.#most = most
  }

  /**
   * The texts that a chunk ends, in order, trimmed of white space.
   *
   * @throws ItemsError where it is no list, or a text is too long
   */
  push(chunk: Buffer): readonly Buffer[] {
    if (this.#framing === 'list') return this.#pushList(chunk)
    const separator = this.#framing === 'lines' ? lineFeed : recordSeparator
    const texts: Buffer[] = []
    let start = 0
    for (let at = chunk.indexOf(separator); at !== -1; at = chunk.indexOf(separator, start)) {
      // Empty lines keep connections alive, and many of them must cost next to nothing.
      if (at > start || this.#heldBytes > 0) this.#end(chunk.subarray(start, at), texts)
      start = at + 1
    }
    this.#hold(chunk.subarray(start))
    return texts
  }

  /**
   * The text that ends with the stream, where there is one.
   *
   * @throws ItemsError where a list has no end
   */
  end(): readonly Buffer[] {
    const texts: Buffer[] = []
    if (this.#framing !== 'list') this.#end(nothing, texts)
    else if (this.#place !== 'after') throw new ItemsError('a list without an end')
    return texts
  }

  /** A text as it is written behind those before it. */
  write(text: Buffer | string): Buffer {
    const isFirst = this.#written++ === 0
    if (this.#framing === 'lines') return Buffer.from(`${text.toString()}\n`)
    if (this.#framing === 'sequence') return Buffer.from(`\u001e${text.toString()}\n`)
    return Buffer.from(`${isFirst ? '[' : ','}${text.toString()}`)
  }

  /** What stands behind the last text. */
  writeEnd(): Buffer {
    if (this.#framing !== 'list') return nothing
    return Buffer.from(this.#written === 0 ? '[]' : ']')
  }

  #end(rest: Buffer, texts: Buffer[]): void {
    this.#hold(rest)
    const [only] = this.#held
    const whole = this.#held.length === 1 && only !== undefined ? only : Buffer.concat(this.#held)
    this.#held = []
    this.#heldBytes = 0
    const text = trim(whole)
    // Lines of white space say nothing, and empty records are allowed (RFC 7464 section 2.1).
    if (text.length > 0) texts.push(text)
    else if (this.#framing === 'list') throw new ItemsError('a list with an empty place')
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#heldBytes += bytes.length
    if (this.#heldBytes > this.#most) {
      throw new ItemsError(`an item of more than ${this.#most} bytes`, true)
    }
    this.#held.push(bytes)
  }

  #pushList(chunk: Buffer): readonly Buffer[] {
    const texts: Buffer[] = []
    let start = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number
      if (this.#place !== 'inside') {
        this.#outside(byte)
        start = at + 1
      } else if (this.#inString) this.#string(byte)
      else if (byte === quote) this.#inString = true
      else if (byte === openBracket || byte === openBrace) this.#depth++
      else if (byte === comma && this.#depth === 0) {
        this.#end(chunk.subarray(start, at), texts)
        this.#count++
        start = at + 1
      } else if (byte === closeBracket && this.#depth === 0) {
        this.#close(chunk.subarray(start, at), texts)
        start = at + 1
      } else if (byte === closeBracket || byte === closeBrace) this.#depth--
    }
    if (this.#place === 'inside') this.#hold(chunk.subarray(start))
    return texts
  }

  #close(rest: Buffer, texts: Buffer[]): void {
    this.#place = 'after'
    const isEmpty = this.#count === 0 && trim(Buffer.concat([...this.#held, rest])).length === 0
    if (!isEmpty) this.#end(rest, texts)
  }

  #outside(byte: number): void {
    if (isSpace(byte)) return
    if (this.#place === 'after') throw new ItemsError('more after the end of the list')
    if (byte !== openBracket) throw new ItemsError('no list')
    this.#place = 'inside'
  }

  #string(byte: number): void {
    if (this.#escaped) this.#escaped = false
    else if (byte === backslash) this.#escaped = true
    else if (byte === quote) this.#inString = false
  }
}

/** Whether the bytes begin a list of JSON. */
export function beginsList(bytes: Buffer): boolean {
  let at = 0
  while (at < bytes.length && isSpace(bytes[at] as number)) at++
  return bytes[at] === openBracket
}

function trim(bytes: Buffer): Buffer {
  let [start, end] = [0, bytes.length]
  while (start < end && isSpace(bytes[start] as number)) start++
  while (end > start && isSpace(bytes[end - 1] as number)) end--
  return bytes.subarray(start, end)
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === lineFeed || byte === 0x0d || byte === 0x09
}

const nothing = Buffer.alloc(0)
const lineFeed = 0x0a
const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
