import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { test } from 'node:test'
import type { Fault } from '@gateward/kernel'
import { WebSocketServer } from 'ws'
import type { HeaderList } from '../exchange/header-list.ts'
import { listen, openRawService, openService, openUpstream } from './testing.ts'
import type { Upstream } from './upstream.ts'

const key = 'dGhlIHNhbXBsZSBub25jZQ=='
const accept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='

type Outcome =
  | { readonly kind: 'switched'; readonly headers: HeaderList; readonly tunnel: Duplex }
  | { readonly kind: 'declined'; readonly status: number }
  | { readonly kind: 'fault'; readonly fault: Fault }

function upgrade(upstream: Upstream, headers: readonly string[] = []): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  upstream.upgrade(
    {
      id: 'x',
      target: '/live?x=1',
      headers: ['sec-websocket-version', '13', 'sec-websocket-key', key, ...headers],
    },
    {
      switched: (answer, tunnel) => resolve({ kind: 'switched', headers: answer, tunnel }),
      declined: (status) => resolve({ kind: 'declined', status }),
      fault: (fault) => resolve({ kind: 'fault', fault }),
    },
  )
  return promise
}

test('a service that speaks WebSocket is joined, and bytes flow both ways', async () => {
  const sockets = new WebSocketServer({ noServer: true })
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('message', (message: Buffer) => webSocket.send(`${request.url} ${message.toString()}`))
    })
  })
  await using live = await listen(server)
  await using upstream = openUpstream(live.url)
  const outcome = await upgrade(upstream)
  assert.equal(outcome.kind, 'switched')
  assert.equal(outcome.headers.get('sec-websocket-accept'), accept)
  assert.equal(outcome.headers.has('connection'), false)
  assert.equal(upstream.status().tunnels, 1)
  // A masked text frame "hi" (RFC 6455 section 5.2) with a mask of zeros.
  outcome.tunnel.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]))
  const [reply] = (await once(outcome.tunnel, 'data')) as [Buffer]
  assert.equal(reply.subarray(2).toString(), '/live?x=1 hi')
  outcome.tunnel.destroy()
  await once(outcome.tunnel, 'close')
  assert.equal(upstream.status().tunnels, 0)
  assert.equal(upstream.status().targets[0]?.inFlight, 0)
})

function unexpected(): never {
  assert.fail('a call that was given up is told nothing')
}

const head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n'
const wrongAccept = createHash('sha1').update('x').digest('base64')

const refused: readonly (readonly [string, string])[] = [
  ['no accept', `${head}Upgrade: websocket\r\n\r\n`],
  ['a wrong accept', `${head}Upgrade: websocket\r\nSec-WebSocket-Accept: ${wrongAccept}\r\n\r\n`],
  ['another protocol', `${head}Upgrade: h2c\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`],
  [
    'a subprotocol nobody offered',
    `${head}Upgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: evil\r\n\r\n`,
  ],
  [
    'an extension nobody offered',
    `${head}Upgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Extensions: evil\r\n\r\n`,
  ],
  ['no HTTP', 'hello\r\n\r\n'],
  ['nothing', ''],
]

for (const [what, answer] of refused) {
  test(`a switch with ${what} joins nothing`, async () => {
    await using service = await openRawService((socket) => {
      socket.once('data', () => socket.end(answer))
    })
    await using upstream = openUpstream(service.url)
    const outcome = await upgrade(upstream, ['sec-websocket-protocol', 'chat'])
    assert.equal(outcome.kind, 'fault')
    assert.equal(outcome.fault.code, 'UPSTREAM_ERROR')
    assert.equal(upstream.status().tunnels, 0)
  })
}

test('an ordinary answer is told by its status, and its connection is closed', async () => {
  await using service = await openService((_request, response) => {
    response.writeHead(403).write('never ends')
  })
  await using upstream = openUpstream(service.url)
  const outcome = await upgrade(upstream)
  assert.deepEqual(outcome, { kind: 'declined', status: 403 })
  await Promise.all([...service.sockets].map((socket) => once(socket, 'close')))
})

test('a service that does not answer is a timeout, and one that is not there a fault', async () => {
  await using service = await openRawService(() => {})
  await using silent = openUpstream({
    targets: [{ url: service.url }],
    timeouts: { connect: '20ms', response: '20ms' },
  })
  const outcome = await upgrade(silent)
  assert.equal(outcome.kind === 'fault' && outcome.fault.code, 'UPSTREAM_TIMEOUT')
  const gone = await openService(() => {})
  await gone[Symbol.asyncDispose]()
  await using nowhere = openUpstream(gone.url)
  const refusal = await upgrade(nowhere)
  assert.equal(refusal.kind === 'fault' && refusal.fault.code, 'UPSTREAM_ERROR')
})

test('there are never more WebSockets than the settings allow', async () => {
  await using service = await openRawService((socket) => {
    socket.once('data', () => {
      socket.write(`${head}Upgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`)
    })
  })
  await using upstream = openUpstream({
    targets: [{ url: service.url }],
    upgrades: { max: 1 },
    timeouts: { drain: '1ms' },
  })
  assert.equal((await upgrade(upstream)).kind, 'switched')
  const second = await upgrade(upstream)
  assert.equal(second.kind === 'fault' && second.fault.code, 'UPSTREAM_UNAVAILABLE')
})

test('a client that leaves during the handshake leaves no socket', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  await using service = await openRawService((socket) => {
    socket.once('data', () => resolve())
  })
  await using upstream = openUpstream(service.url)
  const call = upstream.upgrade(
    { id: 'x', target: '/', headers: ['sec-websocket-key', key] },
    { switched: unexpected, declined: unexpected, fault: unexpected },
  )
  await promise
  call.abort()
  await Promise.all([...service.sockets].map((socket) => once(socket, 'close')))
  assert.equal(upstream.status().tunnels, 0)
})
