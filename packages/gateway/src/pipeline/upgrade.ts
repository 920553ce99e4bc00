import type { Duplex } from 'node:stream'
import type { Exchange } from '../exchange/exchange.ts'
import type { HeaderList } from '../exchange/header-list.ts'
import type { UpstreamDestination } from '../site/site.ts'
import { forwardHeaders } from '../upstream/forward-headers.ts'
import { relay, type TunnelBounds } from '../upstream/relay.ts'
import type { UpgradeReceiver } from '../upstream/upstream.ts'
import { forwardTarget } from './forward-target.ts'

/** Asks the upstream to switch to WebSocket, with the request as it was decided about. */
export function forwardUpgrade(
  exchange: Exchange,
  destination: UpstreamDestination,
  receiver: UpgradeReceiver,
): { abort(): void } {
  const headers = forwardHeaders(exchange, {
    policy: destination.upstream.forwarding,
    wholeAnswer: false,
    bodyLength: undefined,
    isRewritten: false,
  })
  return destination.upstream.upgrade(
    { id: exchange.id, target: forwardTarget(exchange, destination), headers },
    receiver,
  )
}

/**
 * Tells the client that the protocol was switched, and lets both sides speak until one of them ends or the bounds
 * of the upstream are reached.
 */
export function joinTunnel(
  headers: HeaderList,
  client: { readonly socket: Duplex; readonly head: Buffer },
  tunnel: Duplex,
  bounds: TunnelBounds,
): void {
  const { socket, head } = client
  const lines = ['HTTP/1.1 101 Switching Protocols', 'connection: Upgrade', 'upgrade: websocket']
  for (let index = 0; index < headers.flat.length; index += 2) {
    lines.push(`${headers.flat[index]}: ${headers.flat[index + 1]}`)
  }
  socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  if (head.length > 0) socket.unshift(head)
  relay(socket, tunnel, bounds, () => {})
}
