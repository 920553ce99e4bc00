import type { Awaited } from '../../exchange/patience.ts'
import type { Reply } from '../../exchange/reply.ts'
import { turn } from '../../exchange/turn.ts'
import { declaredLength, lengthOf, writeAnswerHead } from '../answer-headers.ts'
import type { Connection } from '../connection.ts'
import type { PendingReply } from '../pending-reply.ts'
import type { ReplyContext } from '../reply-context.ts'
import type { PlainConnection } from './plain-connection.ts'

/** The way back of one plain request: written straight to the socket, an ordinary answer in one piece. */
export class PlainReply implements Reply, PendingReply, Awaited {
  bytesSent = 0
  headSent = false
  last: boolean
  readonly incomplete = false
  readonly #method: string
  readonly #connection: Connection
  readonly #context: ReplyContext
  readonly #owner: PlainConnection
  #settled = false
  #isWhole = false
  #ended = false
  /** How the body is framed: by its length, in chunks, or not at all. */
  #framing: 'length' | 'chunks' | 'none' = 'none'
  #declared = 0
  /** A head that goes out with the first part of the body, or with the end. */
  #waiting = ''
  #rest: Buffer | undefined
  #waitingSince = 0
  #onDrain: (() => void) | undefined
  #onClose: ((whole: boolean) => void) | undefined

  constructor(method: string, connection: Connection, context: ReplyContext, owner: PlainConnection) {
    this.#method = method
    this.#connection = connection
    this.#context = context
    this.#owner = owner
    this.last = connection.closing
    context.patience.add(this)
  }

  get closed(): boolean {
    return this.#settled
  }

  send(status: number, headers: readonly string[], bytes: Buffer | undefined): void {
    if (this.#settled || this.headSent) return
    const length = lengthOf(status, this.#method, bytes)
    const body = this.#method === 'HEAD' || bytes?.length === 0 ? undefined : bytes
    if (!this.#writeHead(status, headers, length, '')) return
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
    const declared = declaredLength(headers)
    if (this.#method === 'HEAD' || status === 204 || status === 304) this.#framing = 'none'
    else this.#framing = declared === -1 ? 'chunks' : 'length'
    this.#declared = declared
    const framing = this.#framing === 'chunks' ? 'transfer-encoding: chunked\r\n' : ''
    if (!this.#writeHead(status, headers, undefined, framing)) return
    // The first part of a short body is most often all of it.
    if (this.#framing === 'chunks' || declared > sliceLength) this.#writeText('')
  }

  write(chunk: Buffer): boolean {
    if (this.#settled || this.#ended || !this.headSent || this.#framing === 'none') return true
    this.bytesSent += chunk.length
    if (this.#framing === 'chunks') return this.#writeChunk(chunk)
    // More than was declared would be read as the beginning of the next answer.
    if (this.bytesSent > this.#declared) {
      this.abort()
      return true
    }
    if (this.bytesSent < this.#declared) return this.#awaitRoom(this.#writeBytes(chunk, undefined))
    this.#finish(chunk)
    return true
  }

  end(): void {
    if (this.#settled || this.#ended || !this.headSent) return
    if (this.#framing === 'length' && this.bytesSent < this.#declared) this.abort()
    else if (this.#framing === 'chunks') this.#finish(lastChunk)
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
    if (this.#settled) this.#callOnClose()
  }

  settle(whole: boolean): void {
    if (this.#settled) return
    this.#settled = true
    this.#isWhole = whole
    this.#rest = undefined
    this.#context.patience.delete(this)
    this.#callOnClose()
    this.#owner.settled(this, whole)
  }

  check(now: number): void {
    if (this.#waitingSince === 0 || now - this.#waitingSince <= this.#context.wire.timeouts.write) return
    this.#context.refuse('slow-reader', 'the client takes nothing of the answer', this.#connection)
    this.abort()
  }

  /** Makes the head ready to go; false: it cannot be written, and the client has been told that something is broken. */
  #writeHead(
    status: number,
    headers: readonly string[],
    length: number | undefined,
    framing: string,
  ): boolean {
    const { kept, closing } = this.#context
    const head = writeAnswerHead(status, headers, length, framing + (this.last ? closing : kept))
    this.headSent = true
    this.#waiting = head ?? brokenHead
    if (head !== undefined) return true
    this.last = true
    this.#finish(undefined)
    return false
  }

  #finish(bytes: Buffer | undefined): void {
    this.#ended = true
    this.#waitingSince = this.#context.patience.now
    const finished = (error?: Error | null): void => {
      if (error === undefined || error === null) this.settle(true)
    }
    if (bytes === undefined) this.#writeText('', finished)
    else this.#writeBytes(bytes, finished)
  }

  #writeChunk(chunk: Buffer): boolean {
    const size = `${chunk.length.toString(16)}\r\n`
    // A chunk without bytes would be the last one.
    if (chunk.length === 0) return true
    if (chunk.length <= joinedLength)
      return this.#awaitRoom(this.#writeText(`${size}${chunk.toString('latin1')}\r\n`))
    const { socket } = this.#connection
    socket.cork()
    this.#writeText(size)
    socket.write(chunk)
    const ready = socket.write('\r\n', 'latin1')
    socket.uncork()
    return this.#awaitRoom(ready)
  }

  // In one string a head and a small body are one write; two buffers would be gathered at a higher price.
  #writeBytes(bytes: Buffer, done: Written | undefined): boolean {
    if (bytes.length <= joinedLength) return this.#writeText(bytes.toString('latin1'), done)
    const { socket } = this.#connection
    socket.cork()
    if (this.#waiting !== '') this.#writeText('')
    const ready = socket.write(bytes, done)
    socket.uncork()
    return ready
  }

  #writeText(text: string, done?: Written): boolean {
    const whole = this.#waiting + text
    this.#waiting = ''
    turn.hold(this.#connection.socket)
    return this.#connection.socket.write(whole, 'latin1', done)
  }

  #writeSlices(): void {
    while (this.#rest !== undefined && !this.#settled) {
      const slice = this.#rest.subarray(0, sliceLength)
      const isLast = slice.length === this.#rest.length
      this.#rest = isLast ? undefined : this.#rest.subarray(sliceLength)
      this.bytesSent += slice.length
      if (isLast) this.#finish(slice)
      else if (!this.#awaitRoom(this.#writeBytes(slice, undefined))) return
    }
  }

  #awaitRoom(ready: boolean): boolean {
    if (ready || this.#waitingSince !== 0) return ready
    this.#waitingSince = this.#context.patience.now
    this.#connection.socket.once('drain', () => {
      if (this.#ended) return
      this.#waitingSince = 0
      if (this.#rest !== undefined) this.#writeSlices()
      const callback = this.#onDrain
      this.#onDrain = undefined
      callback?.()
    })
    return ready
  }

  #callOnClose(): void {
    const callback = this.#onClose
    this.#onClose = undefined
    callback?.(this.#isWhole)
  }
}

type Written = (error?: Error | null) => void

const sliceLength = 64 * 1_024
const joinedLength = 16 * 1_024
const lastChunk = Buffer.from('0\r\n\r\n')
const brokenHead = 'HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'
