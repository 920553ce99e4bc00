import type { Socket } from 'node:net'
import type { Arrival } from '../exchange/open-exchange.ts'
import type { Peer } from '../exchange/client-address.ts'
import type { PendingReply } from './pending-reply.ts'

/** What the server knows of one client connection; it lives as long as its socket. */
export class Connection implements Arrival {
  readonly peer: Peer
  readonly encrypted: boolean
  readonly mayBePlain: boolean
  readonly socket: Socket
  /** Bytes read when the protocol began, those of a TLS handshake. */
  readonly bytesBefore: number
  /** HTTP/1.1 requests whose answers are not out yet, oldest first: the order in which they are answered. */
  readonly pending: PendingReply[] = []
  /** The reply to the latest HTTP/1.1 request, whose body may still be arriving. */
  latest: PendingReply | undefined
  /** Requests so far. */
  requests = 0
  /** HTTP/2 streams that are not closed. */
  openStreams = 0
  /** Whether the next answer is to be the last: the gateway is draining, or the connection has had its share. */
  closing = false
  /** Whether it has left HTTP, for a WebSocket say, and is somebody else's business. */
  left = false
  /** Whether a message on it was refused: nothing after that can be told from an attack, and nothing more is read. */
  refused = false
  /** Written after the last pending answer, where a broken message followed requests that were whole. */
  lastWords: Buffer | undefined

  #idleSince = 0
  #idleBytes = -1

  constructor(socket: Socket, arrival: Arrival) {
    this.socket = socket
    this.bytesBefore = socket.bytesRead
    this.peer = arrival.peer
    this.encrypted = arrival.encrypted
    this.mayBePlain = arrival.mayBePlain
    const carrier: Carrier = socket
    carrier[carried] = this
  }

  /**
   * Whether nothing has been under way for this long. Counted from the first look that finds it so; a request whose head
   * is arriving has a deadline of its own.
   * @param now the monotonic clock, milliseconds @param longest milliseconds @param longestSilent the same, before the first byte
   */
  isIdleFor(now: number, longest: number, longestSilent: number): boolean {
    if (this.pending.length > 0 || this.left) return false
    const { bytesRead } = this.socket
    const isSilent = bytesRead === this.bytesBefore
    if (this.requests === 0 && !isSilent) return false
    if (bytesRead === this.#idleBytes) return now - this.#idleSince > (isSilent ? longestSilent : longest)
    this.#idleBytes = bytesRead
    this.#idleSince = now
    return false
  }

  /** The connection of a socket that a listener accepted. */
  static of(socket: Socket): Connection {
    const connection = (socket as Carrier)[carried]
    if (connection === undefined) throw new TypeError('the socket was not accepted by a listener')
    return connection
  }
}

// A property, not a WeakMap: it is read for every request.
const carried = Symbol('connection')

type Carrier = Socket & { [carried]?: Connection }
