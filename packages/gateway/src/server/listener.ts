import type { AddressInfo, Socket } from 'node:net'
import { createClientAddressReader } from '../exchange/client-address.ts'
import { createExchangeOpener, type Arrival } from '../exchange/open-exchange.ts'
import { Acceptor } from './acceptor.ts'
import { Connection } from './connection.ts'
import { createHttp1Server } from './http1-server.ts'
import { createHttp2Server } from './http2-server.ts'
import type { ListenerOptions } from './listener-options.ts'
import { Patience } from '../exchange/patience.ts'
import type { ProtocolServer, ProtocolServerOptions } from './protocol-server.ts'
import { TlsTerminator } from './tls/tls-terminator.ts'

/** One port of the gateway. */
export interface Listener extends AsyncDisposable {
  /** Where it listens; the port is the one it got. */
  readonly address: AddressInfo
  /** Connections that are open. */
  readonly connections: number
  /**
   * Takes no new connections and lets what is under way end: `Connection: close` on HTTP/1.1, GOAWAY on HTTP/2, idle
   * connections at once. What is still there after `deadlineMs` is cut off. Settles when the last connection is gone.
   */
  drain(deadlineMs: number): Promise<void>
}

/**
 * Opens a port: with `tls`, HTTP/2 and HTTP/1.1 by ALPN; without, HTTP/1.1.
 * Rejects where the port cannot be bound (`EADDRINUSE`, `EACCES`).
 */
export async function createListener(options: ListenerOptions): Promise<Listener> {
  const listener = new PortListener(options)
  try {
    await listener.listen(options.host, options.port)
  } catch (error) {
    await listener[Symbol.asyncDispose]()
    throw error
  }
  return listener
}

class PortListener implements Listener {
  address: AddressInfo = { address: '', family: '', port: 0 }
  readonly #patience: Patience
  readonly #acceptor: Acceptor
  readonly #http1: ProtocolServer
  readonly #http2: ProtocolServer | undefined
  readonly #tls: TlsTerminator | undefined
  #closed: Promise<void> | undefined

  constructor(options: ListenerOptions) {
    const { wire, trust, clock, tls, sample } = options
    const addresses = createClientAddressReader(trust)
    // No look is rarer than the shortest wait that depends on it.
    const { headers, request, write, keepAlive } = wire.timeouts
    this.#patience = new Patience(clock, Math.min(1_000, headers, request, write, keepAlive))
    const served: ProtocolServerOptions = {
      wire,
      patience: this.#patience,
      open: createExchangeOpener({ wire, addresses, clock, sample }),
      refuse: (reason, detail, connection) => {
        options.onRefusedConnection({ reason, detail, address: connection.peer.client.text })
      },
      handle: (opening, body, reply) => options.handle(opening, body, reply),
      ...(options.onUpgrade === undefined ? {} : { onUpgrade: options.onUpgrade.bind(options) }),
    }
    this.#http1 = createHttp1Server(served)
    this.#http2 = tls === undefined ? undefined : createHttp2Server(served)
    this.#tls =
      tls === undefined
        ? undefined
        : new TlsTerminator({
            ...tls,
            handshakeTimeout: wire.timeouts.handshake,
            secured: (socket, arrival, isHttp2) => this.#attach(socket, arrival, isHttp2),
            refuse: (detail, address) =>
              options.onRefusedConnection({ reason: 'tls-handshake', detail, address }),
          })
    this.#acceptor = new Acceptor({
      wire,
      trust,
      addresses,
      encrypted: tls !== undefined,
      loopbackOnly: isLoopbackHost(options.host),
      accepted: (socket, arrival) => {
        if (this.#tls === undefined) this.#attach(socket, arrival, false)
        else this.#tls.secure(socket, arrival)
      },
      refuse: (reason, detail, address) => options.onRefusedConnection({ reason, detail, address }),
    })
  }

  get connections(): number {
    return this.#acceptor.size
  }

  async listen(host: string, port: number): Promise<void> {
    this.address = await this.#acceptor.listen(host, port)
  }

  async drain(deadlineMs: number): Promise<void> {
    this.#closed ??= this.#acceptor.close()
    this.#http1.drain()
    this.#http2?.drain()
    const timer = setTimeout(() => this.#acceptor.destroyAll(), deadlineMs)
    await this.#closed
    clearTimeout(timer)
    this.#release()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#acceptor.close()
    this.#acceptor.destroyAll()
    await this.#closed
    this.#release()
  }

  #attach(socket: Socket, arrival: Arrival, isHttp2: boolean): void {
    const connection = new Connection(socket, arrival)
    const server = isHttp2 ? this.#http2 : this.#http1
    server?.attach(socket, connection)
  }

  #release(): void {
    this.#http1.close()
    this.#http2?.close()
    this.#tls?.close()
    this.#patience[Symbol.dispose]()
  }
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
