import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ReceivedRequest } from '../exchange/exchange.ts'
import type { Reply } from '../exchange/reply.ts'
import { declaredLength, lengthOf, toWireHeaders, writeAnswerHead } from './answer-headers.ts'
import { BodyPace } from './body-pace.ts'
import type { Connection } from './connection.ts'
import { endLingering } from './end-lingering.ts'
import type { Awaited } from '../exchange/patience.ts'
import type { PendingReply } from './pending-reply.ts'
import type { ReplyContext } from './reply-context.ts'

/** The way back of one HTTP/1.1 request. */
export class Http1Reply implements Reply, PendingReply, Awaited {
  bytesSent = 0
  headSent = false
  /** Whether this answer is the connection's last. */
  last: boolean
  readonly #request: IncomingMessage
  readonly #received: ReceivedRequest
  readonly #response: ServerResponse
  readonly #connection: Connection
  readonly #context: ReplyContext
  #settled = false
  #ended = false
  #declared = -1
  #waitingSince = 0
  #pace: BodyPace | undefined
  #rest: Buffer | undefined
  /** A head that goes out with the first part of the body. */
  #waiting: WaitingHead | undefined
  #isWhole = false
  #onDrain: (() => void) | undefined
  #onClose: ((whole: boolean) => void) | undefined

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    received: ReceivedRequest,
    connection: Connection,
    context: ReplyContext,
  ) {
    this.#request = request
    this.#received = received
    this.#response = response
    this.#connection = connection
    this.#context = context
    this.last = connection.closing
    context.patience.add(this)
  }

  get closed(): boolean {
    return this.#settled
  }

  /** Whether the request has not arrived whole. */
  get incomplete(): boolean {
    return this.#received.hasBody && !this.#request.complete
  }

  send(status: number, headers: readonly string[], bytes: Buffer | undefined): void {
    if (this.#settled || this.headSent) return
    const method = this.#received.method
    const length = lengthOf(status, method, bytes)
    const body = method === 'HEAD' || bytes?.length === 0 ? undefined : bytes
    if ((body === undefined || body.length <= sliceLength) && this.#isPlain()) {
      const head = writeAnswerHead(status, headers, length, this.#context.kept)
      if (head !== undefined) {
        this.headSent = true
        this.#writeWhole(head, body)
        return
      }
    }
    if (!this.#writeHead(status, toWireHeaders(status, headers, length))) return
    if (body === undefined || body.length <= sliceLength) {
      this.bytesSent = body?.length ?? 0
      this.#finish(body)
      return
    }
    this.#rest = body
    this.#writeSlices()
  }

  head(status: number, headers: readonly string[]): void {
    if (this.#settled || this.headSent) return
    this.#declared = this.#received.method === 'HEAD' ? -1 : declaredLength(headers)
    if (this.#declared > 0 && this.#declared <= sliceLength && this.#isPlain()) {
      const text = writeAnswerHead(status, headers, undefined, this.#context.kept)
      if (text !== undefined) {
        this.headSent = true
        this.#waiting = { text, status, headers }
        return
      }
    }
    this.#writeHead(status, toWireHeaders(status, headers, undefined))
  }

  write(chunk: Buffer): boolean {
    if (this.#settled || this.#ended || !this.headSent) return true
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting !== undefined && chunk.length === this.#declared) {
      this.#writeWhole(waiting.text, chunk)
      return true
    }
    if (
      waiting !== undefined &&
      !this.#writeHead(waiting.status, toWireHeaders(waiting.status, waiting.headers, undefined))
    )
      return true
    this.bytesSent += chunk.length
    // More than was declared would be read as the beginning of the next answer.
    if (this.#declared !== -1 && this.bytesSent > this.#declared) {
      this.abort()
      return true
    }
    if (this.bytesSent === this.#declared) {
      this.#finish(chunk)
      return true
    }
    const ready = this.#response.write(chunk)
    if (!ready) this.#wait()
    return ready
  }

  end(): void {
    if (this.#settled || this.#ended || !this.headSent) return
    if (this.#declared !== -1 && this.bytesSent < this.#declared) this.abort()
    else this.#finish(undefined)
  }

  abort(): void {
    this.#connection.socket.destroy()
    this.settle(false)
  }

  onDrain(callback: () => void): void {
    this.#onDrain = callback
  }

  onClose(callback: (whole: boolean) => void): void {
    this.#onClose = callback
    if (this.#settled) this.#callOnClose(this.#isWhole)
  }

  /** Ends the exchange, once; what comes later does nothing. */
  settle(whole: boolean): void {
    if (this.#settled) return
    this.#settled = true
    this.#isWhole = whole
    this.#rest = undefined
    this.#waiting = undefined
    this.#context.patience.delete(this)
    this.#context.settled(this, this.#connection)
    this.#callOnClose(whole)
  }

  check(now: number): void {
    if (this.#waitingSince !== 0 && now - this.#waitingSince > this.#context.wire.timeouts.write) {
      this.#context.refuse('slow-reader', 'the client takes nothing of the answer', this.#connection)
      this.abort()
      return
    }
    if (this.incomplete && !this.#ended) this.#checkPace(now)
  }

  #checkPace(now: number): void {
    const { wire, tooSlow } = this.#context
    const bytes = this.#connection.socket.bytesRead
    this.#pace ??= new BodyPace(now, bytes, wire.minimumBodyRate, wire.timeouts.request)
    const held = this.#request.readableFlowing !== true || this.#request.isPaused()
    if (this.#pace.isTooSlow(now, { bytes, held })) tooSlow(this.#connection)
  }

  /** Whether the answer is of the ordinary kind: its turn is now, the request is here whole, and the connection goes on. */
  #isPlain(): boolean {
    return (
      !this.last &&
      !this.incomplete &&
      this.#response.shouldKeepAlive &&
      this.#response.socket !== null &&
      !this.#received.headers.has('expect')
    )
  }

  // Past Node's own writing of answers, which costs three times as much: what it looks after (whose turn it is, what
  // comes next on the connection) hangs on its `finish`, and that is told it as ever.
  #writeWhole(head: string, body: Buffer | undefined): void {
    const { socket } = this.#connection
    const response = this.#response
    const finish = (error?: Error | null): void => {
      if (error !== undefined && error !== null) return
      response.emit('finish')
      this.settle(true)
    }
    this.#ended = true
    this.#waitingSince = this.#context.patience.now
    this.bytesSent = body?.length ?? 0
    if (body === undefined) socket.write(head, 'latin1', finish)
    // In one string a head and a small body are one write; two buffers would be gathered at a higher price.
    else if (body.length <= joinedLength) socket.write(head + body.toString('latin1'), 'latin1', finish)
    else {
      socket.cork()
      socket.write(head, 'latin1')
      socket.write(body, finish)
      socket.uncork()
    }
  }

  #writeHead(status: number, headers: string[]): boolean {
    const response = this.#response
    const carrier: Carrier = response
    carrier[carried] = this
    response.on('finish', onFinish).on('error', ignore)
    if (this.incomplete && !this.#expectsLittle()) this.last = true
    if (this.last) headers.push('connection', 'close')
    else if (response.shouldKeepAlive) headers.push('keep-alive', this.#context.keepAlive)
    this.headSent = true
    try {
      this.#response.writeHead(status, headers)
      return true
    } catch {
      // A header value that Node refuses to write, from an upstream that is broken or worse: it must not crash us.
      this.#response.writeHead(502, ['content-length', '0', 'connection', 'close'])
      this.#finish(undefined)
      return false
    }
  }

  /** Whether so little of the request is missing that reading it costs less than a new connection. */
  #expectsLittle(): boolean {
    const { contentLength, headers } = this.#received
    return contentLength !== undefined && contentLength <= sliceLength && !headers.has('expect')
  }

  #finish(bytes: Buffer | undefined): void {
    this.#ended = true
    this.#waitingSince = this.#context.patience.now
    if (this.last && this.incomplete) endLingering(this.#request, this.#response, bytes)
    else if (bytes === undefined) this.#response.end()
    // With its head in one string a small answer is one write to the socket; a buffer would be a second one.
    else if (bytes.length <= joinedLength) this.#response.end(bytes.toString('latin1'), 'latin1')
    else this.#response.end(bytes)
  }

  #writeSlices(): void {
    while (this.#rest !== undefined && !this.#settled) {
      const slice = this.#rest.subarray(0, sliceLength)
      const isLast = slice.length === this.#rest.length
      this.#rest = isLast ? undefined : this.#rest.subarray(sliceLength)
      this.bytesSent += slice.length
      if (isLast) this.#finish(slice)
      else if (!this.#response.write(slice)) {
        this.#wait()
        return
      }
    }
  }

  #wait(): void {
    if (this.#waitingSince !== 0) return
    this.#waitingSince = this.#context.patience.now
    this.#response.once('drain', () => {
      this.#waitingSince = 0
      if (this.#rest !== undefined) this.#writeSlices()
      const callback = this.#onDrain
      this.#onDrain = undefined
      callback?.()
    })
  }

  #callOnClose(whole: boolean): void {
    const callback = this.#onClose
    this.#onClose = undefined
    callback?.(whole)
  }
}

interface WaitingHead {
  readonly text: string
  readonly status: number
  readonly headers: readonly string[]
}

const sliceLength = 64 * 1_024
const joinedLength = 16 * 1_024

const carried = Symbol('reply')
type Carrier = ServerResponse & { [carried]?: Http1Reply }

// One function for all answers, so that an exchange makes no closure for it.
function onFinish(this: ServerResponse): void {
  ;(this as Carrier)[carried]?.settle(true)
}

// A write that crosses the client's departure fails on its own; `settle` has told everyone by then.
function ignore(): void {}
