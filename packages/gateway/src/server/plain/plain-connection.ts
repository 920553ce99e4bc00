import type { Socket } from 'node:net'
import type { Opening } from '../../exchange/exchange.ts'
import { HeaderList } from '../../exchange/header-list.ts'
import type { Arrival, RawRequest } from '../../exchange/open-exchange.ts'
import { turn, type Waiting } from '../../exchange/turn.ts'
import type { Connection } from '../connection.ts'
import type { ListenerOptions } from '../listener-options.ts'
import type { ReplyContext } from '../reply-context.ts'
import { HeldBody } from './held-body.ts'
import { PlainReply } from './plain-reply.ts'
import { readPlainRequest, type PlainFields } from './plain-request.ts'

export interface PlainConnectionOptions extends Pick<ListenerOptions, 'wire' | 'handle'> {
  readonly context: ReplyContext
  readonly open: (request: RawRequest, arrival: Arrival) => Opening
  /** Takes the connection over for good, with the bytes that came last and were not acted on. */
  readonly handOver: (socket: Socket, bytes: Buffer) => void
}

/**
 * Reads a connection for as long as its requests are plain, one at a time, past Node's HTTP, whose objects and events cost
 * more than all guards together. The first bytes that are anything else, and all that follow, are the general parser's.
 */
export class PlainConnection implements Waiting {
  readonly #socket: Socket
  readonly #connection: Connection
  readonly #options: PlainConnectionOptions
  #latest: PlainFields | undefined
  /** What came in this turn, or while an answer was not out yet. */
  #early: Buffer[] = []
  #earlyBytes = 0

  constructor(socket: Socket, connection: Connection, options: PlainConnectionOptions) {
    this.#socket = socket
    this.#connection = connection
    this.#options = options
    socket.on('data', this.#onData).on('end', this.#onEnd)
  }

  /** An answer is out, or its client gone. */
  settled(reply: PlainReply, whole: boolean): void {
    this.#options.context.settled(reply, this.#connection)
    if (!whole || this.#socket.destroyed) return
    if (reply.last) {
      this.#leave()
      // What a client still says after its last answer is nobody's business, but it must not fill the socket.
      this.#socket.resume()
      this.#socket.destroySoon()
    } else if (this.#early.length > 0) this.#takeEarly()
  }

  /** Takes what came, once everything was read that came in this turn. */
  act(): void {
    if (this.#early.length > 0 && this.#connection.pending.length === 0) this.#takeEarly()
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.#early.length === 0 && this.#connection.pending.length === 0) turn.await(this)
    this.#holdBack(bytes)
  }

  // A client that ends its side has left, as in Node's own server; what it asked before, it has asked.
  readonly #onEnd = (): void => {
    this.act()
    this.#socket.end()
  }

  #take(bytes: Buffer): void {
    const { wire, open, handle, context } = this.#options
    const connection = this.#connection
    const request = readPlainRequest(bytes, this.#latest)
    const opening = request === undefined ? undefined : open(toRaw(request), connection)
    // A defect has its own ways in the general parser, which finds it again.
    if (request === undefined || opening === undefined || opening.defect !== undefined) {
      this.#leave()
      this.#options.handOver(this.#socket, bytes)
      return
    }
    this.#latest = request.fields.text.length <= longestKept ? request.fields : undefined
    connection.requests++
    const reply = new PlainReply(opening.request.method, connection, context, this)
    if (connection.requests >= wire.connections.maxRequests) reply.last = true
    connection.latest = reply
    connection.pending.push(reply)
    handle(opening, new HeldBody(request.body, opening.request), reply)
  }

  // Bounded: a client that goes on in spite of everything finds its connection closed to more.
  #holdBack(bytes: Buffer): void {
    this.#early.push(bytes)
    this.#earlyBytes += bytes.length
    if (this.#earlyBytes > mostEarly) this.#socket.pause()
  }

  #takeEarly(): void {
    const [first] = this.#early
    const bytes =
      this.#early.length === 1 && first !== undefined ? first : Buffer.concat(this.#early, this.#earlyBytes)
    this.#early = []
    this.#earlyBytes = 0
    if (this.#socket.isPaused()) this.#socket.resume()
    this.#take(bytes)
  }

  #leave(): void {
    this.#socket.off('data', this.#onData).off('end', this.#onEnd)
  }
}

function toRaw({
  method,
  target,
  fields,
}: {
  method: string
  target: string
  fields: PlainFields
}): RawRequest {
  return {
    method,
    target,
    rawHeaders: new HeaderList(fields.flat.slice()),
    protocol: 'http/1.1',
    authority: undefined,
    hasBody: undefined,
    defect: undefined,
  }
}

/** Characters of a header section that is kept to be compared with the next. */
const longestKept = 2_048
const mostEarly = 65_536
