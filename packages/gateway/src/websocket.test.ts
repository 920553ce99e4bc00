import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { WebSocket, WebSocketServer } from 'ws'
import { openTestExchange } from './exchange/testing.ts'
import { openTestListener } from './server/testing.ts'
import { listen, openUpstream } from './upstream/testing.ts'
import { forwardUpgrade, joinTunnel } from './pipeline/upgrade.ts'

test('a WebSocket goes through: messages both ways, and the close with its code', async () => {
  const sockets = new WebSocketServer({ noServer: true })
  const server = createServer()
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('message', (message: Buffer) => webSocket.send(message.toString().toUpperCase()))
    })
  })
  await using service = await listen(server)
  await using upstream = openUpstream(service.url)
  await using gate = await openTestListener({
    onUpgrade(opening, _reply, socket, head) {
      const exchange = openTestExchange({ path: opening.request.path })
      for (const [name, value] of pairs(opening.request.headers.flat))
        exchange.request.headers.append(name, value)
      forwardUpgrade(
        exchange,
        { kind: 'upstream', upstream, strip: '', prefix: '' },
        {
          switched: (headers, tunnel) => joinTunnel(headers, { socket, head }, tunnel, upstream.tunnelBounds),
          declined: () => socket.destroy(),
          fault: () => socket.destroy(),
        },
      )
    },
  })
  const client = new WebSocket(`ws://127.0.0.1:${gate.port}/live`)
  await once(client, 'open')
  client.send('hello')
  const [message] = (await once(client, 'message')) as [Buffer]
  assert.equal(message.toString(), 'HELLO')
  const large = 'x'.repeat(2_000_000)
  client.send(large)
  const [echo] = (await once(client, 'message')) as [Buffer]
  assert.equal(echo.length, large.length)
  client.close(4001, 'done')
  const [code] = (await once(client, 'close')) as [number]
  assert.equal(code, 4001)
  while (upstream.status().tunnels > 0) await new Promise(setImmediate)
})

function pairs(flat: readonly string[]): readonly (readonly [string, string])[] {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as const] : []))
}
