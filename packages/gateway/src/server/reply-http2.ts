import { constants, type ServerHttp2Stream } from 'node:http2'
import type { ReceivedRequest } from '../exchange/exchange.ts'
import type { Reply } from '../exchange/reply.ts'
import type { WireLimits } from '../guards/protocol/settings.ts'
import { declaredLength, lengthOf, toWireHeaders } from './answer-headers.ts'
import { BodyPace } from './body-pace.ts'
import type { Connection } from './connection.ts'
import type { RefusalReason } from './listener-options.ts'
import type { Awaited, Patience } from '../exchange/patience.ts'

/** What an HTTP/2 reply needs of its server. */
export interface Http2ReplyContext {
  readonly wire: WireLimits
  readonly patience: Patience
  readonly connection: Connection
  readonly refuse: (reason: RefusalReason, detail: string, connection: Connection) => void
  /** Called where the client cancelled the stream. */
  readonly cancelled: () => void
}

/** The way back of one HTTP/2 request. */
export class Http2Reply implements Reply, Awaited {
  bytesSent = 0
  readonly #stream: ServerHttp2Stream
  readonly #request: ReceivedRequest
  readonly #context: Http2ReplyContext
  readonly #startedAt: number
  #headSent = false
  #ended = false
  #settled = false
  #aborted = false
  #declared = -1
  #waitingSince = 0
  #pace: BodyPace | undefined
  #rest: Buffer | undefined
  #onClose: ((whole: boolean) => void) | undefined

  constructor(stream: ServerHttp2Stream, request: ReceivedRequest, context: Http2ReplyContext) {
    this.#stream = stream
    this.#request = request
    this.#context = context
    this.#startedAt = context.patience.now
    context.connection.openStreams++
    // What fails shows in `close`, with or without an error before it.
    stream.on('error', ignore)
    stream.once('close', () => this.#settle())
    stream.once('finish', () => this.#letGo())
    context.patience.add(this)
  }

  get closed(): boolean {
    return this.#settled || this.#stream.destroyed
  }

  send(status: number, headers: readonly string[], bytes: Buffer | undefined): void {
    if (this.closed || this.#headSent) return
    const { method } = this.#request
    const body = method === 'HEAD' || bytes?.length === 0 ? undefined : bytes
    if (
      !this.#respond(
        status,
        toWireHeaders(status, headers, lengthOf(status, method, bytes)),
        body === undefined,
      )
    )
      return
    if (body === undefined) return
    this.#rest = body
    this.#writeSlices()
  }

  head(status: number, headers: readonly string[]): void {
    if (this.closed || this.#headSent) return
    const isHead = this.#request.method === 'HEAD'
    this.#declared = isHead ? -1 : declaredLength(headers)
    this.#respond(status, toWireHeaders(status, headers, undefined), isHead)
  }

  write(chunk: Buffer): boolean {
    if (this.closed || this.#ended || !this.#headSent) return true
    this.bytesSent += chunk.length
    if (this.#declared !== -1 && this.bytesSent > this.#declared) {
      this.abort()
      return true
    }
    if (this.bytesSent === this.#declared) {
      this.#finish(chunk)
      return true
    }
    const ready = this.#stream.write(chunk)
    if (!ready) this.#waitingSince = this.#context.patience.now
    return ready
  }

  end(): void {
    if (this.closed || this.#ended || !this.#headSent) return
    if (this.#declared !== -1 && this.bytesSent < this.#declared) this.abort()
    else this.#finish(undefined)
  }

  abort(): void {
    this.#aborted = true
    this.#rest = undefined
    if (!this.#stream.closed) this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  }

  onDrain(callback: () => void): void {
    this.#stream.once('drain', () => {
      this.#waitingSince = 0
      callback()
    })
  }

  onClose(callback: (whole: boolean) => void): void {
    this.#onClose = callback
    if (this.#settled) this.#callOnClose()
  }

  /** Answers `Expect: 100-continue`. */
  writeContinue(): void {
    if (!this.closed && !this.#headSent) this.#stream.additionalHeaders({ ':status': 100 })
  }

  check(now: number): void {
    const { wire, refuse, connection } = this.#context
    if (this.#waitingSince !== 0 && now - this.#waitingSince > wire.timeouts.write) {
      refuse('slow-reader', 'the client takes nothing of the answer', connection)
      this.abort()
    } else if (this.#incomplete && this.#isTooSlow(now)) {
      refuse('slow-body', 'the body does not arrive fast enough', connection)
      this.abort()
    }
  }

  // What comes on the connection counts for all of its streams; the deadline counts for each.
  #isTooSlow(now: number): boolean {
    const { wire, connection } = this.#context
    const bytes = connection.socket.bytesRead
    this.#pace ??= new BodyPace(this.#startedAt, bytes, wire.minimumBodyRate, wire.timeouts.request)
    const held = this.#stream.readableFlowing !== true
    return this.#pace.isTooSlow(now, { bytes, held })
  }

  get #incomplete(): boolean {
    return this.#request.hasBody && !this.#stream.readableEnded
  }

  #respond(status: number, headers: string[], endStream: boolean): boolean {
    this.#headSent = true
    this.#ended = endStream
    try {
      // Node checks the values of an HTTP/1.1 answer and not these; a client might turn them back into HTTP/1.1.
      for (const text of headers) if (unwritable.test(text)) throw new TypeError('a header cannot be written')
      this.#stream.respond([':status', String(status), ...headers], { endStream })
      return true
    } catch {
      // A header that must not go on the wire, from an upstream that is broken or worse: it must not crash us.
      this.#ended = true
      if (!this.#stream.headersSent) this.#stream.respond({ ':status': 502 }, { endStream: true })
      return false
    }
  }

  #finish(bytes: Buffer | undefined): void {
    this.#ended = true
    this.#waitingSince = this.#context.patience.now
    if (bytes === undefined) this.#stream.end()
    else this.#stream.end(bytes)
  }

  #writeSlices(): void {
    while (this.#rest !== undefined && !this.closed) {
      const slice = this.#rest.subarray(0, sliceLength)
      const isLast = slice.length === this.#rest.length
      this.#rest = isLast ? undefined : this.#rest.subarray(sliceLength)
      this.bytesSent += slice.length
      if (isLast) this.#finish(slice)
      else if (!this.#stream.write(slice)) {
        this.#waitingSince = this.#context.patience.now
        this.onDrain(() => this.#writeSlices())
        return
      }
    }
  }

  // RFC 9113 section 8.1: an answer that needs no more of the request ends the stream with NO_ERROR.
  #letGo(): void {
    this.#waitingSince = 0
    if (this.#incomplete && !this.#stream.closed) this.#stream.close(constants.NGHTTP2_NO_ERROR)
  }

  #settle(): void {
    if (this.#settled) return
    this.#settled = true
    this.#rest = undefined
    const { connection, patience, cancelled } = this.#context
    connection.openStreams--
    patience.delete(this)
    if (!this.#aborted && !this.#isWhole && this.#stream.rstCode !== constants.NGHTTP2_NO_ERROR) cancelled()
    this.#callOnClose()
  }

  // Where both sides have ended, Node closes the stream without `finish`: all of the answer is out if nothing is left to write.
  get #isWhole(): boolean {
    const { writableFinished, writableLength, aborted, rstCode } = this.#stream
    const closedInOrder = writableLength === 0 && !aborted && rstCode === constants.NGHTTP2_NO_ERROR
    return this.#ended && !this.#aborted && (writableFinished || closedInOrder)
  }

  #callOnClose(): void {
    const callback = this.#onClose
    this.#onClose = undefined
    callback?.(this.#isWhole)
  }
}

const sliceLength = 64 * 1_024

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const unwritable = /[\0-\x08\n-\x1f\x7f]/

function ignore(): void {}
