import { readAnswerHead, type AnswerHead } from './answer-head.ts'
import { ChunkedBody } from './chunked-body.ts'
import { HeadBuffer } from './head-buffer.ts'

/** Hears what a service answers, in the order head, data*, end. */
export interface AnswerEvents {
  /** The final answer's head, or a 101 to who asked for one. */
  onHead(head: AnswerHead): void
  /** A part of the body. `bytes` belong to the caller again afterwards. Returns false to be spared more until `resume`. */
  onData(bytes: Buffer): boolean
  /** The answer is whole. @param surplus whether bytes follow that nobody asked for */
  onEnd(surplus: boolean): void
}

/**
 * Reads the answers on one connection, one request at a time (RFC 9112). It is strict: an answer whose framing has two
 * readings is a flaw, since whatever follows could be taken for the answer to somebody else's request. However its
 * bytes are cut into pieces, it says the same.
 */
export class AnswerReader {
  readonly #events: AnswerEvents
  readonly #head = new HeadBuffer(maximumHeadBytes)
  readonly #chunked = new ChunkedBody()
  #part: 'nothing' | 'head' | 'length' | 'chunks' | 'open' | 'switched' = 'nothing'
  #bodiless = false
  #switches = false
  /** Bytes of a body with a length that are still to come. */
  #missing = 0
  #interim = 0
  #paused = false
  /** What came while nobody wanted it, and whether the connection ended after it. */
  #held: Buffer | undefined
  #endsAfterHeld = false

  constructor(events: AnswerEvents) {
    this.#events = events
  }

  /** Whether the final answer's head is still to come. */
  get awaitsHead(): boolean {
    return this.#part === 'head'
  }

  /** Whether somebody has said to be spared data for now. */
  get isPaused(): boolean {
    return this.#paused
  }

  /**
   * Expects the answer to the next request.
   * @param bodiless whether its method is HEAD, whose answer has no body whatever the head says
   * @param switches whether it asks for another protocol
   */
  begin(bodiless: boolean, switches: boolean): void {
    this.#part = 'head'
    this.#bodiless = bodiless
    this.#switches = switches
    this.#interim = 0
  }

  /** Takes the next bytes of the connection. What it says is wrong with them, after which it must not be used again. */
  read(bytes: Buffer): string | undefined {
    for (let at = 0; at < bytes.length;) {
      if (this.#paused) {
        this.#hold(bytes.subarray(at))
        return undefined
      }
      const next = this.#readPart(bytes, at)
      if (typeof next === 'string') return next
      at = next
      if (this.#part === 'switched') {
        this.#held = bytes.subarray(at)
        return undefined
      }
    }
    return undefined
  }

  /** The first bytes of the other protocol, once a 101 has been heard. */
  get rest(): Buffer {
    return this.#held ?? nothing
  }

  /** Lets data come again; says what is wrong with what was held back. */
  resume(): string | undefined {
    this.#paused = false
    const held = this.#held
    this.#held = undefined
    const flaw = held === undefined ? undefined : this.read(held)
    return flaw ?? (this.#endsAfterHeld && !this.#paused ? this.finish() : undefined)
  }

  /** The connection ended. Says what is missing; nothing where this was the end of the answer, or none was expected. */
  finish(): string | undefined {
    this.#endsAfterHeld = this.#paused
    if (this.#paused) return undefined
    if (this.#part === 'nothing' || this.#part === 'switched') return undefined
    if (this.#part !== 'open') return 'the connection ended before the answer did'
    this.#end(false)
    return undefined
  }

  #readPart(bytes: Buffer, at: number): number | string {
    switch (this.#part) {
      case 'head':
        return this.#readHead(bytes, at)
      case 'length':
        return this.#readLength(bytes, at)
      case 'chunks':
        return this.#readChunks(bytes, at)
      case 'open':
        this.#paused = !this.#events.onData(bytes.subarray(at))
        return bytes.length
      default:
        return 'bytes came that nobody asked for'
    }
  }

  #readHead(bytes: Buffer, at: number): number | string {
    const next = this.#head.take(bytes, at)
    if (next === -1) return bytes.length
    if (next === -2) return 'the head of the answer is too large'
    const head = readAnswerHead(this.#head.text)
    if (typeof head === 'string') return head
    if (head.status < 200) return this.#takeInterim(head) ?? next
    this.#chooseBody(head)
    this.#events.onHead(head)
    if (this.#part === 'nothing') this.#events.onEnd(next < bytes.length)
    return next
  }

  // Interim answers (RFC 9110 section 15.2) are hints for this hop; a 100 answers an expectation that is never sent.
  #takeInterim(head: AnswerHead): string | undefined {
    if (head.status === 101 && this.#switches) {
      this.#part = 'switched'
      this.#events.onHead(head)
      return undefined
    }
    if (head.status <= 101) return 'the answer switches to what nobody asked for'
    return ++this.#interim > mostInterim ? 'the answer has too many interim answers before it' : undefined
  }

  #chooseBody(head: AnswerHead): void {
    const { status, contentLength } = head
    this.#missing = contentLength
    if (this.#bodiless || status === 204 || status === 304 || contentLength === 0) this.#part = 'nothing'
    else if (contentLength > 0) this.#part = 'length'
    else if (head.chunked) {
      this.#part = 'chunks'
      this.#chunked.begin()
    } else {
      this.#part = 'open'
      head.closes = true
    }
  }

  #readLength(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#missing)
    this.#missing -= end - at
    this.#paused = !this.#events.onData(bytes.subarray(at, end))
    if (this.#missing === 0) this.#end(end < bytes.length)
    return end
  }

  #readChunks(bytes: Buffer, at: number): number | string {
    const next = this.#chunked.read(bytes, at, this.#events)
    if (typeof next === 'string') return next
    this.#paused = this.#chunked.paused
    if (this.#chunked.isOver) this.#end(next < bytes.length)
    return next
  }

  // Before the caller hears of it: it may expect the next answer at once.
  #end(surplus: boolean): void {
    this.#part = 'nothing'
    this.#paused = false
    this.#events.onEnd(surplus)
  }

  // Copied, since whoever reads into the same buffer again and again needs it back.
  #hold(bytes: Buffer): void {
    this.#held = this.#held === undefined ? Buffer.from(bytes) : Buffer.concat([this.#held, bytes])
  }
}

const nothing = Buffer.alloc(0)
const maximumHeadBytes = 65_536
const mostInterim = 16
