import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { Arrival } from '../../exchange/open-exchange.ts'
import type { TlsOptions } from '../listener-options.ts'
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
  readonly #stopListening: () => void

  constructor(options: TlsTerminatorOptions) {
    this.#options = options
    const { certificates, profile, handshakeTimeout } = options
    const secure = toSecureOptions(profile)
    this.#server = createServer({
      ...secure,
      ...certificates.current.context,
      ALPNProtocols: ['h2', 'http/1.1'],
      handshakeTimeout,
    })
    this.#server.on('secureConnection', (socket) => this.#secured(socket))
    this.#server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      // A client that leaves during the handshake (a port scan, a health check) is nothing to report.
      if (error.code !== 'ECONNRESET')
        options.refuse(error.code ?? error.message, this.#arrivalOf(socket)?.peer.client.text ?? '')
      socket.destroy()
    })
    this.#stopListening = certificates.onChange((certificate) => {
      this.#server.setSecureContext({ ...secure, ...certificate.context })
    })
  }

  /** Begins the handshake on a raw connection. */
  secure(socket: Socket, arrival: Arrival): void {
    const key = endpoints(socket)
    this.#arrivals.set(key, arrival)
    socket.once('close', () => {
      if (this.#arrivals.get(key) === arrival) this.#arrivals.delete(key)
    })
    this.#server.emit('connection', socket)
  }

  close(): void {
    this.#stopListening()
    this.#server.close()
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

function endpoints(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort} ${socket.localAddress} ${socket.localPort}`
}

function ignore(): void {}
