import http2, { type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { badRequest } from '../exchange/framing.ts'
import type { RawRequest } from '../exchange/open-exchange.ts'
import type { Connection } from './connection.ts'
import { IncomingBody } from './incoming-body.ts'
import type { ProtocolServer, ProtocolServerOptions } from './protocol-server.ts'
import { Http2Reply } from './reply-http2.ts'
import { ResetCount } from './reset-count.ts'

/**
 * Speaks HTTP/2 (RFC 9113). Framing, HPACK and the form of header fields are checked by nghttp2; what a client may make the
 * gateway do for nothing (cancelled streams, settings, pings, empty frames) is bounded here.
 */
export function createHttp2Server(options: ProtocolServerOptions): ProtocolServer {
  return new GatewardHttp2Server(options)
}

/** One HTTP/2 connection. */
interface Client {
  readonly session: ServerHttp2Session
  readonly connection: Connection
  readonly resets: ResetCount
}

class GatewardHttp2Server implements ProtocolServer {
  readonly #options: ProtocolServerOptions
  readonly #server: Http2Server
  readonly #sessions = new Map<ServerHttp2Session, Connection>()
  #attaching: Connection | undefined
  #draining = false

  constructor(options: ProtocolServerOptions) {
    this.#options = options
    this.#server = this.#createServer()
  }

  attach(socket: Socket, connection: Connection): void {
    this.#attaching = connection
    this.#server.emit('connection', socket)
    this.#attaching = undefined
  }

  drain(): void {
    this.#draining = true
    for (const session of this.#sessions.keys()) session.close()
  }

  close(): void {
    for (const session of this.#sessions.keys()) session.destroy()
  }

  #createServer(): Http2Server {
    const { wire } = this.#options
    const server = http2.createServer({
      maxSettings: wire.http2.maxSettings,
      // A few more than allowed, so that the client is told 431 instead of losing its stream without a word.
      maxHeaderListPairs: wire.headerCount + 16,
      maxOutstandingPings: 4,
      maxSessionInvalidFrames: 32,
      maxSessionRejectedStreams: 32,
      // nghttp2 has a bound of its own, beyond ours: it ends the connection without a word to anyone.
      streamResetBurst: wire.http2.maxResets * 2,
      streamResetRate: Math.max(1, Math.floor(wire.http2.maxResets / 10)),
      settings: {
        maxConcurrentStreams: wire.http2.maxStreams,
        maxHeaderListSize: wire.headerBytes,
        initialWindowSize: windowSize,
        enablePush: false,
        enableConnectProtocol: false,
      },
    })
    server.on('session', (session) => this.#begin(session))
    server.on('sessionError', (error: NodeJS.ErrnoException, session) => this.#onSessionError(error, session))
    return server
  }

  #begin(session: ServerHttp2Session): void {
    const connection = this.#attaching
    if (connection === undefined) {
      session.destroy()
      return
    }
    const { wire } = this.#options
    const client = { session, connection, resets: new ResetCount(wire.http2.maxResets) }
    this.#sessions.set(session, connection)
    session.once('close', () => this.#sessions.delete(session))
    session.on('stream', (stream, headers, _flags, rawHeaders) => {
      this.#receive(stream, headers, rawHeaders, client)
    })
    session.on('timeout', () => this.#onIdle(session, connection))
    session.setTimeout(wire.timeouts.keepAlive)
    if (this.#draining) session.close()
  }

  #receive(
    stream: ServerHttp2Stream,
    headers: http2.IncomingHttpHeaders,
    rawHeaders: readonly string[],
    client: Client,
  ): void {
    const { session, connection } = client
    connection.requests++
    const opening = this.#options.open(toRawRequest(stream, headers, rawHeaders), connection)
    const { patience, wire, refuse } = this.#options
    const reply = new Http2Reply(stream, opening.request, {
      wire,
      patience,
      connection,
      refuse,
      cancelled: () => this.#countReset(client),
    })
    if (connection.requests === wire.connections.maxRequests) session.close()
    const expects =
      opening.request.hasBody && opening.request.headers.get('expect')?.toLowerCase() === '100-continue'
    const beforeReading = expects ? () => reply.writeContinue() : undefined
    this.#options.handle(
      opening,
      new IncomingBody(stream, opening.request, this.#options.patience, beforeReading),
      reply,
    )
  }

  #countReset({ session, connection, resets }: Client): void {
    if (session.destroyed || !resets.isTooMany(this.#options.patience.now)) return
    this.#options.refuse('http2-flood', 'the client cancels streams too often', connection)
    session.goaway(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM)
    session.destroy()
  }

  #onIdle(session: ServerHttp2Session, connection: Connection): void {
    // Streams that wait for a slow upstream keep the connection; each of them has deadlines of its own.
    if (connection.openStreams > 0) session.setTimeout(this.#options.wire.timeouts.keepAlive)
    else session.close()
  }

  #onSessionError(error: NodeJS.ErrnoException, session: ServerHttp2Session): void {
    const connection = this.#sessions.get(session)
    if (connection === undefined || error.code === 'ECONNRESET' || error.code === 'EPIPE') return
    this.#options.refuse('http2-flood', error.code ?? 'ERR_HTTP2_SESSION_ERROR', connection)
  }
}

function toRawRequest(
  stream: ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  rawHeaders: readonly string[],
): RawRequest {
  const scheme = headers[':scheme']
  return {
    method: headers[':method'] ?? '',
    target: headers[':path'] ?? '',
    rawHeaders,
    protocol: 'h2',
    authority: headers[':authority'],
    hasBody: !stream.endAfterHeaders,
    defect: scheme === 'https' || scheme === undefined ? undefined : foreignScheme,
  }
}

// A megabyte a stream lets an upload fill a long fat pipe; what is not read yet is bounded by it.
const windowSize = 1_048_576

const foreignScheme = badRequest('the :scheme is not that of the connection')
