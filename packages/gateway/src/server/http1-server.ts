import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Opening } from '../exchange/exchange.ts'
import { expectationFailed, type RawRequest } from '../exchange/open-exchange.ts'
import { badRequest } from '../exchange/framing.ts'
import type { Awaited } from '../exchange/patience.ts'
import { unreadOf, type ParserError } from './broken-message.ts'
import { Connection } from './connection.ts'
import { IncomingBody } from './incoming-body.ts'
import { LeanRequest } from './lean-request.ts'
import { MessageRefuser } from './message-refuser.ts'
import type { PendingReply } from './pending-reply.ts'
import { PlainConnection, type PlainConnectionOptions } from './plain/plain-connection.ts'
import type { ProtocolServer, ProtocolServerOptions } from './protocol-server.ts'
import type { ReplyContext } from './reply-context.ts'
import { Http1Reply } from './reply-http1.ts'
import { UpgradeReply } from './reply-upgrade.ts'

/**
 * Speaks HTTP/1.1: ordinary requests past Node's HTTP (`plain/`), all others through its strict parser. What that refuses is
 * answered once, as the last answer of its connection (`MessageRefuser`); what it lets through and has two readings gets a
 * `defect`, and its connection ends with the answer.
 */
export function createHttp1Server(options: ProtocolServerOptions): ProtocolServer {
  return new Http1Server(options)
}

class Http1Server implements ProtocolServer, Awaited {
  readonly #options: ProtocolServerOptions
  readonly #server: Server
  readonly #context: ReplyContext
  readonly #plain: PlainConnectionOptions
  readonly #refuser: MessageRefuser
  readonly #connections = new Set<Connection>()
  #draining = false

  constructor(options: ProtocolServerOptions) {
    this.#options = options
    this.#refuser = new MessageRefuser(options)
    const keepAlive = `timeout=${Math.floor(options.wire.timeouts.keepAlive / 1_000)}`
    this.#context = {
      wire: options.wire,
      patience: options.patience,
      keepAlive,
      kept: `connection: keep-alive\r\nkeep-alive: ${keepAlive}\r\n`,
      closing: 'connection: close\r\n',
      refuse: options.refuse,
      tooSlow: (connection) => this.#refuser.refuse(connection, 'ERR_HTTP_REQUEST_TIMEOUT', 'slow-body'),
      settled: (reply, connection) => this.#settled(reply, connection),
    }
    this.#server = this.#createServer()
    this.#plain = {
      ...options,
      context: this.#context,
      handOver: (socket, bytes) => {
        this.#server.emit('connection', socket)
        socket.unshift(bytes)
      },
    }
    options.patience.add(this)
  }

  attach(socket: Socket, connection: Connection): void {
    this.#connections.add(connection)
    connection.closing = this.#draining
    socket.once('close', () => {
      this.#connections.delete(connection)
      for (const reply of connection.pending.slice()) reply.settle(false)
    })
    void new PlainConnection(socket, connection, this.#plain)
  }

  /** Closes the connections that have been idle for longer than they may: cheaper than a timer that each request resets. */
  check(now: number): void {
    const { keepAlive, headers } = this.#options.wire.timeouts
    for (const connection of this.#connections)
      if (connection.isIdleFor(now, keepAlive, headers)) connection.socket.destroySoon()
  }

  drain(): void {
    this.#draining = true
    for (const connection of this.#connections) {
      connection.closing = true
      for (const reply of connection.pending) reply.last = true
      if (connection.pending.length === 0) connection.socket.destroySoon()
    }
  }

  close(): void {
    this.#options.patience.delete(this)
    this.#server.close()
  }

  #createServer(): Server {
    const { wire } = this.#options
    const server = createServer({
      maxHeaderSize: wire.headerBytes,
      headersTimeout: Math.min(wire.timeouts.headers, wire.timeouts.request),
      requestTimeout: wire.timeouts.request,
      // A timer for each request; `check` looks at all connections instead.
      keepAliveTimeout: 0,
      IncomingMessage: LeanRequest,
      connectionsCheckingInterval: Math.min(1_000, wire.timeouts.headers),
      insecureHTTPParser: false,
      // A missing Host is a defect like any other, so that it is logged and answered like any other.
      requireHostHeader: false,
      optimizeEmptyRequests: true,
      shouldUpgradeCallback: (request) => this.#takesUpgrade(request),
    })
    // Node drops the header lines above its maximum without a word; one more than is allowed shows that there were.
    server.maxHeadersCount = wire.headerCount + 1
    server.on('request', (request, response) => this.#receive(request, response, undefined))
    server.on('checkContinue', (request, response) =>
      this.#receive(request, response, () => response.writeContinue()),
    )
    server.on('checkExpectation', (request, response) => this.#refuseExpectation(request, response))
    server.on('upgrade', (request, socket, head) => this.#receiveUpgrade(request, socket, head))
    server.on('connect', (request, socket) => this.#refuseConnect(request, socket))
    server.on('clientError', (error: ParserError, socket) => this.#onClientError(error, socket as Socket))
    // Connections come from elsewhere, so the event that starts Node's check of header and request timeouts does not.
    server.emit('listening')
    return server
  }

  #receive(
    request: IncomingMessage,
    response: ServerResponse,
    beforeReading: (() => void) | undefined,
  ): void {
    this.#answer(request, response, this.#open(request, undefined), beforeReading)
  }

  #refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
    this.#answer(request, response, this.#open(request, expectationFailed), undefined)
  }

  #answer(
    request: IncomingMessage,
    response: ServerResponse,
    opening: Opening,
    beforeReading: (() => void) | undefined,
  ): void {
    const connection = Connection.of(request.socket)
    // Node reads the messages of one packet to its end; those after a refused one are not acted on.
    if (connection.refused) return
    const { connections } = this.#options.wire
    connection.requests++
    const reply = new Http1Reply(request, response, opening.request, connection, this.#context)
    if (opening.defect !== undefined || connection.requests >= connections.maxRequests) reply.last = true
    connection.latest = reply
    connection.pending.push(reply)
    if (connection.pending.length > connections.maxPipelined) {
      connection.refused = true
      this.#options.refuse('too-many-pipelined', 'more requests wait for an answer than allowed', connection)
      connection.socket.destroy()
      return
    }
    // After a message with two readings, whatever follows may be a part of it.
    if (opening.defect !== undefined) connection.refused = true
    this.#options.handle(
      opening,
      new IncomingBody(request, opening.request, this.#options.patience, beforeReading),
      reply,
    )
  }

  #open(request: IncomingMessage, defect: RawRequest['defect']): Opening {
    const { method, url, httpVersion } = request
    const isFirst = httpVersion === '1.1'
    const isSpoken = isFirst || httpVersion === '1.0'
    const raw: RawRequest = {
      method: method as string,
      target: url as string,
      rawHeaders: request.rawHeaders,
      protocol: isFirst ? 'http/1.1' : 'http/1.0',
      authority: undefined,
      hasBody: undefined,
      defect: isSpoken ? defect : foreignVersion,
      ...(!isSpoken && { unread: unreadOf(`${method} ${url}`, `HTTP/${httpVersion}`) }),
    }
    return this.#options.open(raw, Connection.of(request.socket))
  }

  /** Only a WebSocket handshake that nothing else is mixed into leaves HTTP; all other upgrades are ordinary requests. */
  #takesUpgrade(request: IncomingMessage): boolean {
    const { headers } = request
    return (
      this.#options.onUpgrade !== undefined &&
      request.method === 'GET' &&
      request.httpVersion === '1.1' &&
      headers.upgrade?.toLowerCase() === 'websocket' &&
      headers['content-length'] === undefined &&
      headers['transfer-encoding'] === undefined &&
      headers.expect === undefined &&
      Connection.of(request.socket).pending.length === 0 &&
      !Connection.of(request.socket).refused
    )
  }

  #receiveUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const opening = this.#open(request, undefined)
    const connection = Connection.of(request.socket)
    connection.requests++
    connection.left = true
    const reply = new UpgradeReply(socket)
    if (opening.defect === undefined) this.#options.onUpgrade?.(opening, reply, socket, head)
    else
      this.#options.handle(
        opening,
        new IncomingBody(request, opening.request, this.#options.patience, undefined),
        reply,
      )
  }

  #refuseConnect(request: IncomingMessage, socket: Duplex): void {
    const connection = Connection.of(request.socket)
    if (connection.pending.length > 0 || connection.refused) {
      socket.destroy()
      return
    }
    connection.refused = true
    connection.left = true
    const opening = this.#open(request, undefined)
    this.#options.handle(
      opening,
      new IncomingBody(request, opening.request, this.#options.patience, undefined),
      new UpgradeReply(socket),
    )
  }

  #onClientError(error: ParserError, socket: Socket): void {
    const connection = Connection.of(socket)
    if (!this.#refuser.refuse(connection, error.code ?? '', undefined, error)) socket.destroy()
  }

  #settled(reply: PendingReply, connection: Connection): void {
    const place = connection.pending.indexOf(reply)
    if (place !== -1) connection.pending.splice(place, 1)
    if (connection.pending.length === 0 && connection.lastWords !== undefined)
      this.#refuser.sayLastWords(connection)
    else if (connection.pending.length === 0 && this.#draining) connection.socket.destroySoon()
  }
}

const foreignVersion = badRequest('the message is of no version of HTTP/1')
