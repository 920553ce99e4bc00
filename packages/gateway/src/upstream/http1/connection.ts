import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { Awaited } from '../../exchange/patience.ts'
import { turn, type Waiting } from '../../exchange/turn.ts'
import {
  connectedTooLate,
  connectionBroke,
  disposedOf,
  misread,
  notConnected,
  answeredTooLate,
  stalled,
  thrownByListener,
  unsendable,
  type Failure,
} from '../faults.ts'
import type { UpstreamRequest } from '../upstream.ts'
import type { AnswerHead } from './answer-head.ts'
import { AnswerReader, type AnswerEvents } from './answer-reader.ts'
import type { AnswerListener, ConnectionOptions, ConnectionOwner } from './connection-parties.ts'
import { openSocket } from './open-socket.ts'
import { writeRequestHead } from './request-head.ts'
import { Upload } from './upload.ts'

/**
 * One keep-alive connection to a target: HTTP/1.1, one request at a time. It opens with its first request; once it is
 * closed it is done with. Answers are read into one buffer that stays, so that a request allocates nothing to read.
 */
export class Connection implements Awaited, AnswerEvents, Waiting {
  readonly #options: ConnectionOptions
  readonly #owner: ConnectionOwner
  readonly #reader = new AnswerReader(this)
  #state: 'new' | 'connecting' | 'idle' | 'busy' | 'closed' = 'new'
  #socket: Socket | undefined
  #request: UpstreamRequest | undefined
  #head = ''
  #listener: AnswerListener | undefined
  #upload: Upload | undefined
  /** What came in this turn, if it was little. */
  #arrived: Buffer | undefined
  /** Whether the bytes being read are in memory that the next read goes into. */
  #isShared = false
  /** Whether it ends with the answer that is coming. */
  #closes = false
  #keepAlive: number
  /** When the wait of the moment has lasted too long. */
  #deadline = 0

  constructor(options: ConnectionOptions, owner: ConnectionOwner) {
    this.#options = options
    this.#owner = owner
    this.#keepAlive = options.keepAlive
  }

  /** Whether there is an open socket. */
  get isOpen(): boolean {
    return this.#state === 'idle' || this.#state === 'busy'
  }

  /** Sends a request; only while it is new or free. */
  send(request: UpstreamRequest, listener: AnswerListener): void {
    const head = writeRequestHead(request, this.#options.host)
    if (head === undefined) {
      this.#owner.freed(this)
      listener.failed(unsendable())
      return
    }
    this.#request = request
    this.#head = head
    this.#listener = listener
    if (this.#state === 'idle') this.#write()
    else this.#connect()
  }

  /** Lets data come again, one turn later: within the reader's own call it could not. */
  resume(): void {
    queueMicrotask(() => {
      if (this.#state !== 'busy' || !this.#reader.isPaused) return
      this.#deadline = this.#options.patience.deadlineIn(this.#options.idleTimeout)
      this.#read(undefined)
      if (!this.#reader.isPaused) this.#socket?.resume()
    })
  }

  /** Gives up whatever is under way without a word to the listener. */
  abandon(): void {
    this.#listener = undefined
    this.#close()
  }

  /** Breaks off whatever is under way, and settles when the socket is gone. */
  async destroy(): Promise<void> {
    const socket = this.#socket
    const { promise, resolve } = Promise.withResolvers<void>()
    if (socket === undefined || socket.closed) resolve()
    else socket.once('close', () => resolve())
    this.#fail(disposedOf())
    await promise
  }

  check(now: number): void {
    if (this.#state === 'busy' && this.#waitsForClient()) {
      const { patience, idleTimeout, responseTimeout } = this.#options
      this.#deadline = patience.deadlineIn(this.#reader.awaitsHead ? responseTimeout : idleTimeout)
    }
    if (now <= this.#deadline) return
    if (this.#state === 'connecting') this.#fail(connectedTooLate())
    else if (this.#state === 'idle') this.#close()
    else this.#fail(this.#reader.awaitsHead ? answeredTooLate() : stalled())
  }

  onHead(head: AnswerHead): void {
    this.#closes = head.closes
    if (head.keepAliveSeconds !== -1) this.#shortenKeepAlive(head.keepAliveSeconds)
    this.#listener?.answered(head.status, head.headers)
  }

  onData(bytes: Buffer): boolean {
    return this.#listener?.data(this.#isShared ? Buffer.from(bytes) : bytes) ?? true
  }

  onEnd(surplus: boolean): void {
    const listener = this.#listener
    if (listener === undefined) return
    this.#listener = undefined
    this.#request = undefined
    // What follows an answer unasked would be read as the next one's; and of a body that is still being sent, the
    // service would read the rest as the next request.
    if (surplus || this.#closes || this.#upload !== undefined) this.#close()
    else {
      this.#state = 'idle'
      this.#deadline = this.#options.patience.deadlineWithin(this.#keepAlive)
      this.#owner.freed(this)
    }
    try {
      listener.ended()
    } catch (thrown) {
      listener.failed(thrownByListener(thrown))
    }
  }

  #connect(): void {
    const { endpoint, patience, connectTimeout } = this.#options
    this.#state = 'connecting'
    this.#deadline = patience.deadlineIn(connectTimeout)
    const socket = openSocket(endpoint, {
      buffer: Buffer.allocUnsafeSlow(readSize),
      callback: (length, buffer) => this.#receive(buffer as Buffer, length),
    })
    this.#socket = socket
    socket
      .once(endpoint.tls === undefined ? 'connect' : 'secureConnect', () => this.#write())
      .on('error', (error) => this.#break(error))
      .on('end', () => this.#finish())
      .on('close', () => this.#break(undefined))
    patience.add(this)
  }

  #write(): void {
    const socket = this.#socket
    const request = this.#request
    if (socket === undefined || request === undefined || this.#state === 'closed') return
    const { method, body } = request
    this.#state = 'busy'
    this.#closes = false
    this.#deadline = this.#options.patience.deadlineIn(this.#options.responseTimeout)
    this.#reader.begin(method === 'HEAD', false)
    turn.hold(socket)
    if (body === undefined) socket.write(this.#head, 'latin1')
    else if (!Buffer.isBuffer(body)) this.#startUpload(socket, body, request.headers)
    // In one string a head and a small body are one write, which costs less than to gather two.
    else if (body.length <= joinedLength) socket.write(this.#head + body.toString('latin1'), 'latin1')
    else {
      socket.cork()
      socket.write(this.#head, 'latin1')
      socket.write(body)
      socket.uncork()
    }
    this.#head = ''
  }

  #startUpload(socket: Socket, body: Readable, headers: readonly string[]): void {
    socket.write(this.#head, 'latin1')
    const place = headers.indexOf('content-length')
    const length = place === -1 ? undefined : Number(headers[place + 1])
    const upload = new Upload(socket, body, length, (failure) => {
      this.#upload = undefined
      if (failure === undefined)
        this.#deadline = this.#options.patience.deadlineIn(this.#options.responseTimeout)
      else this.#fail(failure)
    })
    this.#upload = upload
    upload.start()
  }

  /** Reads what came, once everything was read that came in this turn. */
  act(): void {
    const bytes = this.#arrived
    if (bytes === undefined) return
    this.#arrived = undefined
    this.#take(bytes)
  }

  // The return value is Node's: whether to go on reading.
  #receive(buffer: Buffer, length: number): boolean {
    const bytes = buffer.subarray(0, length)
    this.act()
    // Bytes on an idle connection answer nobody, and would be taken for the next answer; so would those that come before a request
    // that was written in this turn is sent.
    if (this.#state !== 'busy') this.#close()
    else if (this.#isHeld) this.#break(new Error('bytes came that nobody asked for'))
    else if (length <= shortRead) {
      this.#arrived = Buffer.from(bytes)
      turn.await(this)
    } else {
      // Much is read as it comes, so that who is to take it says at once when it has had enough.
      this.#isShared = true
      this.#take(bytes)
      this.#isShared = false
    }
    return !this.#reader.isPaused
  }

  #take(bytes: Buffer): void {
    if (this.#state === 'busy') this.#read(bytes)
  }

  /** @param bytes what came; `undefined`: what was held back comes now */
  #read(bytes: Buffer | undefined): void {
    try {
      const flaw = bytes === undefined ? this.#reader.resume() : this.#reader.read(bytes)
      if (flaw !== undefined) this.#fail(misread(flaw))
      else if (this.#state === 'busy' && !this.#reader.awaitsHead)
        this.#deadline = this.#options.patience.deadlineIn(this.#options.idleTimeout)
    } catch (thrown) {
      this.#fail(thrownByListener(thrown))
    }
  }

  #finish(): void {
    this.act()
    if (this.#state !== 'busy') {
      this.#close()
      return
    }
    const flaw = this.#reader.finish()
    if (flaw !== undefined) this.#fail(connectionBroke(new Error(flaw)))
  }

  #break(error: Error | undefined): void {
    this.act()
    this.#fail(this.isOpen ? connectionBroke(error) : notConnected(error))
  }

  #fail(failure: Failure): void {
    if (this.#state === 'closed') return
    const listener = this.#listener
    this.#listener = undefined
    this.#close()
    listener?.failed(failure)
  }

  #close(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#request = undefined
    this.#options.patience.delete(this)
    this.#upload?.stop()
    this.#upload = undefined
    this.#socket?.destroy()
    this.#owner.closed(this)
  }

  get #isHeld(): boolean {
    return this.#socket !== undefined && this.#socket.writableCorked > 0
  }

  // While the client is still sending, or reads no faster, it is not the service that keeps anyone waiting.
  #waitsForClient(): boolean {
    if (!this.#reader.awaitsHead) return this.#reader.isPaused
    return this.#upload !== undefined && !this.#upload.isBlocked
  }

  // A second less than the service says, so that a request does not cross its closing of the connection.
  #shortenKeepAlive(seconds: number): void {
    this.#keepAlive = Math.min(this.#options.keepAlive, Math.max(0, (seconds - 1) * 1_000))
    if (this.#keepAlive === 0) this.#closes = true
  }
}

/** Bytes read at once; the memory is only touched as far as answers fill it. */
const readSize = 65_536
/** Answers of so many bytes wait for their turn. */
const shortRead = 16_384
const joinedLength = 16_384
