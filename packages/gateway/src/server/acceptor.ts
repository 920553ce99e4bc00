import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { ClientAddressReader, Peer } from '../exchange/client-address.ts'
import type { TrustSettings } from '../exchange/client-address-settings.ts'
import type { Arrival } from '../exchange/open-exchange.ts'
import type { WireLimits } from '../guards/protocol/settings.ts'
import { ConnectionCounts } from './connection-counts.ts'
import type { RefusalReason } from './listener-options.ts'
import { readProxyIntroduction, type ProxyHeader } from './proxy-introduction.ts'

export interface AcceptorOptions {
  readonly wire: WireLimits
  readonly trust: TrustSettings
  readonly addresses: ClientAddressReader
  /** Whether TLS follows on every connection. */
  readonly encrypted: boolean
  /** Whether the port is bound to this machine alone. */
  readonly loopbackOnly: boolean
  /** Called with each connection that may go on. */
  readonly accepted: (socket: Socket, arrival: Arrival) => void
  readonly refuse: (reason: RefusalReason, detail: string, address: string) => void
}

/** Takes connections from the network: bounds their number, finds out who is on the other side, and passes them on. */
export class Acceptor {
  readonly #options: AcceptorOptions
  readonly #server: Server
  readonly #counts: ConnectionCounts
  readonly #sockets = new Set<Socket>()

  constructor(options: AcceptorOptions) {
    this.#options = options
    const { max, maxPerAddress } = options.wire.connections
    this.#counts = new ConnectionCounts(max, maxPerAddress)
    // A client may end its side after the request and still wait for the answer; TLS has its own way to end.
    this.#server = createServer({ noDelay: true, keepAlive: true, allowHalfOpen: !options.encrypted })
    this.#server.on('connection', (socket) => this.#accept(socket))
  }

  /** Connections that are open. */
  get size(): number {
    return this.#sockets.size
  }

  /** Binds the port; rejects where it is taken or forbidden. */
  async listen(host: string, port: number): Promise<AddressInfo> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#server.once('error', reject)
    this.#server.listen({ host, port, backlog: 1_024 }, resolve)
    await promise
    this.#server.off('error', reject)
    // Running out of file descriptors is reported here; the port stays open for when there are some again.
    this.#server.on('error', (error) => this.#options.refuse('too-many-connections', error.message, ''))
    return this.#server.address() as AddressInfo
  }

  /** Takes no more connections; settles when the last one is gone. */
  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#server.close(() => resolve())
    await promise
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #accept(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    // Whatever happens to a connection before a protocol listens for it ends in `close`.
    socket.on('error', ignore)
    if (!this.#counts.enter()) {
      this.#refuse(socket, 'too-many-connections', 'the port has all the connections it may have')
      return
    }
    this.#sockets.add(socket)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      this.#counts.leave()
    })
    if (this.#options.trust.proxyProtocol) this.#introduce(socket, address)
    else this.#admit(socket, this.#options.addresses.readPeer(address), undefined)
  }

  #introduce(socket: Socket, address: string): void {
    const { addresses, wire } = this.#options
    const proxy = addresses.readPeer(address)
    if (!proxy.trusted) {
      this.#refuse(socket, 'proxy-protocol', 'the peer is not one of trust.proxies')
      return
    }
    readProxyIntroduction(socket, wire.timeouts.handshake, (header, reason) => {
      if (header === undefined) this.#refuse(socket, 'proxy-protocol', reason)
      else if (header.source === undefined) this.#admit(socket, proxy, header)
      else this.#admit(socket, addresses.readPeer(header.source, address), header)
    })
  }

  #admit(socket: Socket, peer: Peer, header: ProxyHeader | undefined): void {
    // A trusted proxy speaks for many clients on few addresses.
    if (!peer.trusted && !this.#countAddress(socket, peer.client.key)) {
      this.#refuse(
        socket,
        'too-many-connections-per-address',
        'the address has all the connections it may have',
      )
      return
    }
    const { encrypted, loopbackOnly, accepted } = this.#options
    const mayBePlain =
      header?.secure ?? (header !== undefined || loopbackOnly || peer.loopback || peer.trusted)
    accepted(socket, { peer, encrypted: encrypted || header?.secure === true, mayBePlain })
  }

  #countAddress(socket: Socket, key: string): boolean {
    if (!this.#counts.enterAddress(key)) return false
    socket.once('close', () => this.#counts.leaveAddress(key))
    return true
  }

  #refuse(socket: Socket, reason: RefusalReason, detail: string): void {
    this.#options.refuse(reason, detail, socket.remoteAddress ?? '')
    socket.destroy()
  }
}

function ignore(): void {}
