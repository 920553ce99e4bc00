import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { createSecureContext, createServer, type SecureContext, type Server, type TLSSocket } from 'node:tls'
import type { Arrival } from '../../exchange/open-exchange.ts'
import type { TlsOptions } from '../listener-options.ts'
import type { Certificate } from './certificate-source.ts'
import { toSecureOptions } from './secure-options.ts'

export interface TlsTerminatorOptions extends TlsOptions {
  /** Milliseconds from the connection to the end of the handshake. */
  readonly handshakeTimeout: number
  /** Called after each handshake, with what ALPN chose. */
  readonly secured: (socket: Socket, arrival: Arrival, isHttp2: boolean) => void
  readonly refuse: (detail: string, address: string) => void
}

/** Takes TLS off connections that were accepted elsewhere; a new certificate serves the connections that come after it. */
export class TlsTerminator {
  readonly #options: TlsTerminatorOptions
  readonly #server: Server
  readonly #arrivals = new Map<string, Arrival>()
  readonly #contexts = new WeakMap<Certificate, SecureContext>()
  readonly #stopListening: () => void
  readonly #rotation: NodeJS.Timeout

  constructor(options: TlsTerminatorOptions) {
    this.#options = options
    const { certificates, profile, handshakeTimeout } = options
    const secure = toSecureOptions(profile)
    this.#server = createServer({
      ...secure,
      ...certificates.current.context,
      ALPNProtocols: ['h2', 'http/1.1'],
      handshakeTimeout,
      ticketKeys: randomBytes(ticketKeyBytes),
      sessionTimeout: ticketLife / 1_000,
      SNICallback: (serverName, done) => done(null, this.#contextFor(serverName)),
    })
    // Whoever gets hold of a ticket key reads what was said under it, so none lives long (RFC 5077 section 5.5).
    this.#rotation = setInterval(
      () => this.#server.setTicketKeys(randomBytes(ticketKeyBytes)),
      ticketLife,
    ).unref()
    this.#server.on('secureConnection', (socket) => this.#secured(socket))
    this.#server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      // A client that leaves during the handshake (a port scan, a health check) is nothing to report.
      if (error.code !== 'ECONNRESET')
        options.refuse(error.code ?? error.message, this.#arrivalOf(socket)?.peer.client.text ?? '')
      socket.destroy()
    })
    this.#stopListening = certificates.onChange(() => {
      this.#server.setSecureContext({ ...secure, ...certificates.current.context })
    })
  }

  /** Begins the handshake on a raw connection. */
  secure(socket: Socket, arrival: Arrival): void {
    const key = endpoints(socket)
    this.#arrivals.set(key, arrival)
    socket.once('close', () => {
      if (this.#arrivals.get(key) === arrival) this.#arrivals.delete(key)
    })
    const { validations } = this.#options
    if (validations === undefined) this.#server.emit('connection', socket)
    else validations.sort(socket, (other) => this.#server.emit('connection', other))
  }

  close(): void {
    this.#stopListening()
    clearInterval(this.#rotation)
    this.#server.close()
  }

  // `undefined` leaves the connection with the server's own context, which has the current certificate.
  #contextFor(serverName: string): SecureContext | undefined {
    const { certificates, profile } = this.#options
    const certificate = certificates.choose?.(serverName)
    if (certificate === undefined || certificate === certificates.current) return undefined
    const known = this.#contexts.get(certificate)
    if (known !== undefined) return known
    const context = createSecureContext({ ...toSecureOptions(profile), ...certificate.context })
    this.#contexts.set(certificate, context)
    return context
  }

  #secured(socket: TLSSocket): void {
    const arrival = this.#arrivalOf(socket)
    if (arrival === undefined) {
      socket.destroy()
      return
    }
    socket.on('error', ignore)
    this.#options.secured(socket, arrival, socket.alpnProtocol === 'h2')
  }

  // Node tells nobody which raw connection a TLS socket was made of; the pair of endpoints names one at a time.
  #arrivalOf(socket: Socket): Arrival | undefined {
    return this.#arrivals.get(endpoints(socket))
  }
}

/** Bytes of the name, the HMAC key and the AES key of tickets, as `node:tls` takes them. */
const ticketKeyBytes = 48
/** Milliseconds for which one ticket key is used, and a session can be resumed. */
const ticketLife = 6 * 3_600_000

function endpoints(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort} ${socket.localAddress} ${socket.localPort}`
}

function ignore(): void {}
