import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ReceivedRequest } from '../exchange/exchange.ts'
import type { Reply } from '../exchange/reply.ts'
import { declaredLength, lengthOf, toWireHeaders } from './answer-headers.ts'
import { BodyPace } from './body-pace.ts'
import type { Connection } from './connection.ts'
import type { Awaited } from '../exchange/patience.ts'
import type { ReplyContext } from './reply-context.ts'

/** The way back of one HTTP/1.1 request. */
export class Http1Reply implements Reply, Awaited {
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
    const carrier: Carrier = response
    carrier[carried] = this
    response.on('finish', onFinish).on('error', ignore)
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
    if (!this.#writeHead(status, toWireHeaders(status, headers, lengthOf(status, method, bytes)))) return
    if (bytes === undefined || method === 'HEAD' || bytes.length === 0) {
      this.#finish(undefined)
      return
    }
    if (bytes.length <= sliceLength) {
      this.bytesSent = bytes.length
      this.#finish(bytes)
      return
    }
    this.#rest = bytes
    this.#writeSlices()
  }

  head(status: number, headers: readonly string[]): void {
    if (this.#settled || this.headSent) return
    this.#declared = this.#received.method === 'HEAD' ? -1 : declaredLength(headers)
    this.#writeHead(status, toWireHeaders(status, headers, undefined))
  }

  write(chunk: Buffer): boolean {
    if (this.#settled || this.#ended || !this.headSent) return true
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
    if (this.#settled) this.#callOnClose(this.#response.writableFinished)
  }

  /** Ends the exchange, once; what comes later does nothing. */
  settle(whole: boolean): void {
    if (this.#settled) return
    this.#settled = true
    this.#rest = undefined
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

  #writeHead(status: number, headers: string[]): boolean {
    if (this.incomplete && !this.#expectsLittle()) this.last = true
    if (this.last) headers.push('connection', 'close')
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
    if (this.last && this.incomplete) this.#linger(bytes)
    else if (bytes === undefined) this.#response.end()
    // With its head in one string a small answer is one write to the socket; a buffer would be a second one.
    else if (bytes.length <= joinedLength) this.#response.end(bytes.toString('latin1'), 'latin1')
    else this.#response.end(bytes)
  }

  // A client that is still sending reads the answer only if the connection is not reset under it: what comes is
  // thrown away until it stops, or has been going on for too long (RFC 9112 section 9.6).
  #linger(bytes: Buffer | undefined): void {
    const response = this.#response
    response.flushHeaders()
    if (bytes !== undefined) response.write(bytes)
    const end = () => {
      clearTimeout(quiet)
      clearTimeout(whole)
      response.end()
    }
    const quiet = setTimeout(end, quietMilliseconds)
    const whole = setTimeout(end, lingerMilliseconds)
    this.#request.once('end', end).once('close', end).once('error', end)
    this.#request.on('data', () => quiet.refresh())
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

const sliceLength = 64 * 1_024
const joinedLength = 16 * 1_024
const quietMilliseconds = 500
const lingerMilliseconds = 2_000

const carried = Symbol('reply')
type Carrier = ServerResponse & { [carried]?: Http1Reply }

// One function for all answers, so that an exchange makes no closure for it.
function onFinish(this: ServerResponse): void {
  ;(this as Carrier)[carried]?.settle(true)
}

// A write that crosses the client's departure fails on its own; `settle` has told everyone by then.
function ignore(): void {}
