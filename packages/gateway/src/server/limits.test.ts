import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import type { Reply } from '../exchange/reply.ts'
import { BodyPace } from './body-pace.ts'
import { ResetCount } from './reset-count.ts'
import { collect, exchangeBytes, openTestListener, statusesOf, type TestListener } from './testing.ts'

const host = 'Host: api.example\r\n'
const get = (path: string, fields = '') => `GET ${path} HTTP/1.1\r\n${host}${fields}\r\n`

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

function reasonsOf(listener: TestListener): string[] {
  return listener.refusals.map((refusal) => refusal.reason)
}

test('a head that does not end is refused with 408', async () => {
  await using listener = await openTestListener({ wire: { timeouts: { headers: '100ms' } } })
  const { text, closed } = await exchangeBytes(listener.port, 'GET / HTTP/1.1\r\nHost: a')
  assert.deepEqual(statusesOf(text), [408])
  assert.ok(closed)
  assert.deepEqual(reasonsOf(listener), ['headers-timeout'])
})

test('a connection on which nothing is ever said is closed without a word', async () => {
  await using listener = await openTestListener({ wire: { timeouts: { headers: '100ms' } } })
  assert.deepEqual(await exchangeBytes(listener.port, ''), { text: '', closed: true })
  assert.deepEqual(reasonsOf(listener), [])
})

test('a connection that waits too long for its next request is closed without a word', async () => {
  await using listener = await openTestListener({ wire: { timeouts: { keepAlive: '100ms' } } })
  const { text, closed } = await exchangeBytes(listener.port, get('/a'))
  assert.deepEqual(statusesOf(text), [200])
  assert.ok(closed)
})

test('a body that does not arrive is refused with 408', async () => {
  await using listener = await openTestListener({ wire: { timeouts: { request: '100ms' } } })
  const { text, closed } = await exchangeBytes(
    listener.port,
    `POST / HTTP/1.1\r\n${host}Content-Length: 5\r\n\r\nhel`,
  )
  assert.deepEqual(statusesOf(text), [408])
  assert.ok(closed)
})

test('a body that does not arrive after its request was answered ends the connection without a second answer', async () => {
  await using listener = await openTestListener({
    wire: { timeouts: { request: '100ms' } },
    handle: (_opening, _body, reply) => reply.send(401, [], undefined),
  })
  const { text, closed } = await exchangeBytes(
    listener.port,
    `POST / HTTP/1.1\r\n${host}Content-Length: 5\r\n\r\nhel`,
  )
  assert.deepEqual(statusesOf(text), [401])
  assert.ok(closed)
})

test('a body has to keep its rate after the grace, and time in which nobody takes it does not count', () => {
  const pace = new BodyPace(0, 0, 240, 60_000)
  assert.equal(pace.isTooSlow(5_000, { bytes: 0, held: false }), false)
  assert.equal(pace.isTooSlow(6_000, { bytes: 1_440, held: false }), false)
  assert.equal(pace.isTooSlow(7_000, { bytes: 1_440, held: false }), true)
  const held = new BodyPace(0, 0, 240, 60_000)
  assert.equal(held.isTooSlow(50_000, { bytes: 0, held: true }), false)
  assert.equal(held.isTooSlow(54_000, { bytes: 0, held: false }), false)
  assert.equal(held.isTooSlow(56_000, { bytes: 0, held: false }), true)
  assert.equal(new BodyPace(0, 0, 0, 60_000).isTooSlow(60_001, { bytes: 1e9, held: false }), true)
})

test('resets are counted over ten seconds', () => {
  const count = new ResetCount(3)
  assert.deepEqual(
    [0, 1, 2].map((now) => count.isTooMany(now)),
    [false, false, false],
  )
  assert.equal(count.isTooMany(3), true)
  assert.equal(new ResetCount(1).isTooMany(1e9), false)
  const calm = new ResetCount(2)
  assert.deepEqual(
    [0, 6_000, 12_000, 18_000].map((now) => calm.isTooMany(now)),
    [false, false, false, false],
  )
})

test('a client that takes nothing of its answer is cut off', async () => {
  const ended = Promise.withResolvers<boolean>()
  await using listener = await openTestListener({
    wire: { timeouts: { write: '100ms' } },
    handle(_opening, _body, reply) {
      reply.onClose((whole) => ended.resolve(whole))
      reply.send(200, [], Buffer.alloc(64 * 1_048_576))
    },
  })
  const socket = await open(listener.port)
  socket.pause().write(get('/'))
  assert.equal(await ended.promise, false)
  assert.deepEqual(reasonsOf(listener), ['slow-reader'])
  socket.destroy()
})

test('a client that reads a large answer slowly but steadily gets all of it', async () => {
  await using listener = await openTestListener({
    handle: (_opening, _body, reply) =>
      reply.send(200, ['connection', 'close'], Buffer.alloc(4 * 1_048_576, 'x')),
  })
  const socket = await open(listener.port)
  socket.write(get('/', 'Connection: close\r\n'))
  const { text } = await collect(socket, 10_000)
  assert.equal(text.length - text.indexOf('\r\n\r\n') - 4, 4 * 1_048_576)
})

test('connections beyond the bound of the port, or of one address, are dropped and told', async () => {
  await using all = await openTestListener({ wire: { connections: { max: 1 } } })
  await using each = await openTestListener({ wire: { connections: { maxPerAddress: 1 } } })
  for (const [listener, reason] of [
    [all, 'too-many-connections'],
    [each, 'too-many-connections-per-address'],
  ] as const) {
    const first = await open(listener.port)
    const second = await exchangeBytes(listener.port, get('/'))
    assert.deepEqual(second, { text: '', closed: true })
    assert.deepEqual(reasonsOf(listener), [reason])
    first.destroy()
    await once(first, 'close')
    while (listener.listener.connections > 0) await new Promise(setImmediate)
    const third = await exchangeBytes(listener.port, get('/', 'Connection: close\r\n'))
    assert.deepEqual(statusesOf(third.text), [200])
  }
})

test('a connection ends after its share of requests', async () => {
  await using listener = await openTestListener({ wire: { connections: { maxRequests: 2 } } })
  const { text, closed } = await exchangeBytes(listener.port, get('/a') + get('/b'))
  assert.deepEqual(statusesOf(text), [200, 200])
  assert.ok(closed)
})

test('too many requests that wait on one connection end it', async () => {
  const replies: Reply[] = []
  await using listener = await openTestListener({
    wire: { connections: { maxPipelined: 4 } },
    handle: (_opening, _body, reply) => replies.push(reply),
  })
  const { text, closed } = await exchangeBytes(listener.port, get('/').repeat(100))
  assert.deepEqual([text, closed], ['', true])
  assert.equal(replies.length, 4)
  assert.ok(replies.every((reply) => reply.closed))
  assert.deepEqual(reasonsOf(listener), ['too-many-pipelined'])
})

test('draining lets what is under way end, closes what is idle, and takes nothing new', async () => {
  const arrived = Promise.withResolvers<Reply>()
  await using listener = await openTestListener({
    handle: (_opening, _body, reply) => arrived.resolve(reply),
  })
  const idle = await open(listener.port)
  const idleEnd = collect(idle, 3_000)
  const busy = await open(listener.port)
  const busyEnd = collect(busy, 3_000)
  busy.write(get('/'))
  const reply = await arrived.promise
  const drained = listener.listener.drain(3_000)
  assert.deepEqual(await idleEnd, { text: '', closed: true })
  await assert.rejects(open(listener.port))
  reply.send(200, [], Buffer.from('done'))
  const { text, closed } = await busyEnd
  assert.match(text, /connection: close[^]*done$/i)
  assert.ok(closed)
  await drained
})

test('draining cuts off what has not ended at its deadline', async () => {
  const ended = Promise.withResolvers<boolean>()
  const arrived = Promise.withResolvers<void>()
  await using listener = await openTestListener({
    handle(_opening, _body, reply) {
      reply.onClose(ended.resolve)
      arrived.resolve()
    },
  })
  const socket = await open(listener.port)
  socket.write(get('/'))
  await arrived.promise
  await listener.listener.drain(50)
  assert.equal(await ended.promise, false)
  socket.destroy()
})
