import { createHash } from 'node:crypto'
import { HeaderList } from '../exchange/header-list.ts'

/** Why the answer to a WebSocket handshake proves no WebSocket (RFC 6455 section 4.1); `undefined`: it does. */
export function checkWebSocketAnswer(requestHeaders: string[], answer: HeaderList): string | undefined {
  const request = new HeaderList(requestHeaders)
  if (answer.get('upgrade')?.toLowerCase() !== 'websocket') return 'the service switched to another protocol'
  const key = request.get('sec-websocket-key')
  if (key === undefined || answer.get('sec-websocket-accept') !== toAccept(key))
    return 'Sec-WebSocket-Accept does not answer the key'
  const protocol = answer.getJoined('sec-websocket-protocol')
  if (
    protocol !== undefined &&
    !tokens(request.getJoined('sec-websocket-protocol')).has(protocol.toLowerCase())
  )
    return 'the service chose a subprotocol that was not offered'
  const offered = tokens(request.getJoined('sec-websocket-extensions'))
  for (const extension of tokens(answer.getJoined('sec-websocket-extensions')))
    if (!offered.has(extension)) return 'the service chose an extension that was not offered'
  return undefined
}

function toAccept(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}

/** The names of a list such as `permessage-deflate; client_max_window_bits, x`, lower case. */
function tokens(list: string | undefined): ReadonlySet<string> {
  return new Set(
    (list ?? '')
      .split(',')
      .map((item) => (item.split(';', 1)[0] ?? '').trim().toLowerCase())
      .filter((name) => name !== ''),
  )
}
