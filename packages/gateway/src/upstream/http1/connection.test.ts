import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import * as fc from 'fast-check'
import { openRawService, openService, openUpstream, send } from '../testing.ts'

/** A service that answers each request with the next of these texts, and counts its connections. */
async function openScripted(answers: readonly string[]) {
  let turn = 0
  let connections = 0
  const seen: string[] = []
  const service = await openRawService((socket) => {
    connections++
    socket.on('data', (bytes) => {
      seen.push(bytes.toString('latin1'))
      socket.write(answers[Math.min(turn++, answers.length - 1)] ?? '', 'latin1')
    })
  })
  return { service, seen, connections: () => connections }
}

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

const reuse: readonly (readonly [string, string, string, number])[] = [
  ['an ordinary answer', 'GET', ok, 1],
  ['Connection: close', 'GET', 'HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n', 2],
  ['HTTP/1.0', 'GET', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n', 2],
  ['a keep-alive of no time', 'GET', 'HTTP/1.1 204 No\r\nKeep-Alive: timeout=1\r\n\r\n', 2],
  ['a keep-alive of some time', 'GET', 'HTTP/1.1 204 No\r\nKeep-Alive: timeout=5, max=9\r\n\r\n', 1],
  ['HEAD without a body', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 1],
  ['HEAD with a body', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 2],
  ['a 304 with a length', 'GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', 1],
  ['a 304 with a body', 'GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello', 2],
  ['a 204 with a body', 'GET', 'HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nhello', 2],
  ['a second answer', 'GET', `${ok}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`, 2],
  ['a line break too many', 'GET', `${ok}\r\n`, 2],
]

for (const [what, method, answer, connections] of reuse) {
  test(`after ${what} the next request goes over ${connections === 1 ? 'the same' : 'another'} connection`, async () => {
    const scripted = await openScripted([answer, ok])
    await using service = scripted.service
    await using upstream = openUpstream({ targets: [{ url: service.url }], retries: { attempts: 0 } })
    assert.equal((await send(upstream, { method })).fault, undefined)
    const next = await send(upstream)
    assert.deepEqual([next.status, next.body], [200, 'ok'])
    assert.equal(scripted.connections(), connections)
  })
}

/** A service that answers everything alike, and its ends of the connections. */
async function openAnswering() {
  const sockets: Socket[] = []
  const service = await openRawService((socket) => {
    sockets.push(socket)
    socket.on('data', () => socket.write(ok))
  })
  return { service, sockets }
}

test('what a service says on an idle connection is nobody’s answer', async () => {
  const { service: opened, sockets } = await openAnswering()
  await using service = opened
  await using upstream = openUpstream({ targets: [{ url: service.url }], retries: { attempts: 0 } })
  await send(upstream)
  sockets[0]?.write('HTTP/1.1 408 Request Timeout\r\nContent-Length: 4\r\n\r\nevil')
  while (upstream.status().targets[0]?.connections !== 0) await sleep(1)
  assert.equal((await send(upstream)).body, 'ok')
  assert.equal(sockets.length, 2)
})

test('what a service says just before the next request is sent is not its answer', async () => {
  const { service: opened, sockets } = await openAnswering()
  await using service = opened
  await using upstream = openUpstream({ targets: [{ url: service.url }], retries: { attempts: 0 } })
  await send(upstream)
  // The kernel has these bytes when the request is written; they are read in the same turn.
  sockets[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil')
  const next = await send(upstream)
  assert.equal(next.body, '')
  assert.equal(next.fault?.code, 'UPSTREAM_ERROR')
  assert.equal((await send(upstream)).body, 'ok')
})

test('an idle connection is closed before its time is up, and one that the service closed is not used', async () => {
  await using service = await openService((_request, response) => response.end('ok'))
  await using upstream = openUpstream({ targets: [{ url: service.url }], connections: { keepAlive: '80ms' } })
  await send(upstream)
  assert.equal(upstream.status().targets[0]?.connections, 1)
  while (upstream.status().targets[0]?.connections !== 0) await sleep(5)
  await send(upstream)
  for (const socket of service.sockets) socket.end()
  while (upstream.status().targets[0]?.connections !== 0) await sleep(1)
  assert.equal((await send(upstream)).body, 'ok')
})

test('an answer that drips byte by byte is whole in the end, and too slow a one is not waited for', async () => {
  await using service = await openRawService((socket) => {
    socket.once('data', async () => {
      for (const character of ok) {
        socket.write(character)
        await sleep(1)
      }
    })
  })
  await using upstream = openUpstream(service.url)
  assert.equal((await send(upstream)).body, 'ok')
  await using hasty = openUpstream({
    targets: [{ url: service.url }],
    timeouts: { response: '10ms' },
    retries: { attempts: 0 },
  })
  assert.equal((await send(hasty)).fault?.code, 'UPSTREAM_TIMEOUT')
})

test('a connection whose request was answered before it was whole is never used again', async () => {
  let requests = 0
  await using service = await openRawService((socket) => {
    let answered = false
    socket.on('data', () => {
      if (answered) return
      answered = true
      requests++
      socket.write(ok)
    })
  })
  await using upstream = openUpstream({ targets: [{ url: service.url }], connections: { max: 1 } })
  const body = new Readable({ read() {} })
  body.push('GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n')
  assert.equal(
    (await send(upstream, { method: 'POST', body, headers: ['content-length', '1000'] })).body,
    'ok',
  )
  assert.equal((await send(upstream)).body, 'ok')
  assert.equal(requests, 2)
  body.destroy()
})

test('a client that leaves in the middle of an answer leaves no rest of it to the next request', async () => {
  await using service = await openService((request, response) => {
    if (request.url === '/next') response.end('next')
    else response.writeHead(200, { 'content-length': '10' }).write('first')
  })
  await using upstream = openUpstream({ targets: [{ url: service.url }], connections: { max: 1 } })
  void send(upstream, {}, { onData: (_chunk, call) => (call.abort(), true) })
  assert.equal((await send(upstream, { target: '/next' })).body, 'next')
})

test('a body that is longer than it says is cut off, and nothing after it reaches the service', async () => {
  const seen: string[] = []
  await using service = await openRawService((socket) => {
    socket.on('data', (bytes) => seen.push(bytes.toString()))
  })
  await using upstream = openUpstream({ targets: [{ url: service.url }] })
  const body = Readable.from([Buffer.from('abc'), Buffer.from('GET /smuggled HTTP/1.1\r\n\r\n')], {
    objectMode: false,
  })
  const answer = await send(upstream, { method: 'POST', body, headers: ['content-length', '3'] })
  assert.equal(answer.fault?.source, 'client')
  assert.ok(!seen.join('').includes('smuggled'))
})

test('what cannot be written as one request is not written at all', async () => {
  const scripted = await openScripted([ok])
  await using service = scripted.service
  await using upstream = openUpstream(service.url)
  const fields: readonly (readonly [string, string])[] = [
    ['x a', 'b'],
    ['x:a', 'b'],
    ['', 'b'],
    ['X-A', 'b'],
    ['x-a', 'b\nc'],
    ['x-a', 'b\u0100c'],
    ['x-a', 'b\x7fc'],
    ['transfer-encoding', 'chunked'],
    ['connection', 'close'],
    ['upgrade', 'h2c'],
    ['expect', '100-continue'],
  ]
  for (const [name, value] of fields) {
    const { fault } = await send(upstream, { headers: [name, value] })
    assert.equal(fault?.code, 'UNSENDABLE_REQUEST', `${name}: ${value}`)
  }
  for (const request of [{ method: 'G T' }, { method: '' }, { target: 'x' }, { target: '/\u00e9' }])
    assert.equal((await send(upstream, request)).fault?.code, 'UNSENDABLE_REQUEST')
  assert.equal(scripted.seen.length, 0)
})

test('a request arrives with one Host, one framing, and what the caller said', async () => {
  const scripted = await openScripted([ok])
  await using service = scripted.service
  await using upstream = openUpstream(service.url)
  const host = `host: 127.0.0.1:${service.port}\r\nconnection: keep-alive\r\n`
  await send(upstream, { headers: ['a', 'b', 'a', '\u00e9'] })
  await send(upstream, { method: 'POST' })
  await send(upstream, { method: 'PUT', body: Buffer.from('\u00ff\0', 'latin1') })
  await send(upstream, { method: 'DELETE', target: '/a?b=%0d', headers: ['host', 'shop.example'] })
  assert.deepEqual(scripted.seen, [
    `GET / HTTP/1.1\r\n${host}a: b\r\na: \u00e9\r\n\r\n`,
    `POST / HTTP/1.1\r\n${host}content-length: 0\r\n\r\n`,
    `PUT / HTTP/1.1\r\n${host}content-length: 2\r\n\r\n\u00ff\0`,
    'DELETE /a?b=%0d HTTP/1.1\r\nhost: shop.example\r\nconnection: keep-alive\r\n\r\n',
  ])
})

test('a large body in memory arrives whole', async () => {
  await using service = await openService((request, response) => {
    let size = 0
    request.on('data', (chunk: Buffer) => (size += chunk.length))
    request.on('end', () => response.end(`${request.headers['content-length']} ${size}`))
  })
  await using upstream = openUpstream(service.url)
  for (const size of [16_384, 16_385, 3_000_000]) {
    const answer = await send(upstream, { method: 'POST', body: Buffer.alloc(size) })
    assert.equal(answer.body, `${size} ${size}`)
  }
})

test('whatever services do, nobody ever gets the answer to somebody else’s request', async () => {
  const manners = ['plain', 'chunked', 'close', 'slow', 'reset', 'half', 'surplus', 'hint'] as const
  const service = await openRawService((socket) => {
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      const [, manner = '', id = ''] = /^GET \/(\w+)\/(\w+) /.exec(text) ?? []
      if (!text.endsWith('\r\n\r\n')) return
      text = ''
      behave(socket, manner, id)
    })
  })
  await using _service = service
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...manners), { minLength: 2, maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      async (turns, max) => {
        await using upstream = openUpstream({
          targets: [{ url: service.url }],
          connections: { max },
          retries: { attempts: 0 },
          breaker: { minimum: 10_000 },
          health: { passive: { consecutiveFailures: 10_000 } },
        })
        const answers = await Promise.all(
          turns.map((manner, index) => send(upstream, { target: `/${manner}/id${index}` })),
        )
        for (const [index, { fault, body, status }] of answers.entries()) {
          if (fault === undefined) assert.deepEqual([status, body], [200, `id${index}`])
        }
        assert.equal(upstream.status().targets[0]?.inFlight, 0)
      },
    ),
    { numRuns: 40 },
  )
})

function behave(socket: Socket, manner: string, id: string): void {
  const whole = `HTTP/1.1 200 OK\r\nContent-Length: ${id.length}\r\n\r\n${id}`
  switch (manner) {
    case 'chunked': {
      const hex = id.length.toString(16)
      socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${hex}\r\n${id}\r\n0\r\n\r\n`)
      break
    }
    case 'close':
      socket.end(`HTTP/1.1 200 OK\r\n\r\n${id}`)
      break
    case 'slow':
      socket.write(whole.slice(0, 20))
      setTimeout(() => socket.write(whole.slice(20)), 3)
      break
    case 'reset':
      socket.resetAndDestroy()
      break
    case 'half':
      socket.end(whole.slice(0, -1))
      break
    case 'surplus':
      socket.write(`${whole}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`)
      break
    case 'hint':
      socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n${whole}`)
      break
    default:
      socket.write(whole)
  }
}
