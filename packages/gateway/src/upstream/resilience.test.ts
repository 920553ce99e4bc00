import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ManualClock } from '@gateward/kernel'
import * as fc from 'fast-check'
import { openRawService, openService, openUpstream, send } from './testing.ts'

/** The address of a port that nobody listens on. */
async function closedPort(): Promise<string> {
  const service = await openService(() => {})
  await service[Symbol.asyncDispose]()
  return service.url
}

test('a status that may be tried again is, on another target', async () => {
  const seen: string[] = []
  await using bad = await openService((_request, response) => {
    seen.push('bad')
    response.writeHead(503).end('down')
  })
  await using good = await openService((_request, response) => {
    seen.push('good')
    response.end('ok')
  })
  await using upstream = openUpstream({ targets: [{ url: bad.url }, { url: good.url }] })
  assert.equal((await send(upstream)).body, 'ok')
  assert.deepEqual(seen, ['bad', 'good'])
})

test('a target that cannot be reached is passed over', async () => {
  await using good = await openService((_request, response) => response.end('ok'))
  await using upstream = openUpstream({ targets: [{ url: await closedPort() }, { url: good.url }] })
  for (let turn = 0; turn < 6; turn++) assert.equal((await send(upstream)).body, 'ok')
})

test('methods that are not idempotent, and bodies that stream, are sent once', async () => {
  let requests = 0
  await using service = await openService((request, response) => {
    request.resume()
    requests++
    response.writeHead(503).end()
  })
  await using upstream = openUpstream({ targets: [{ url: service.url }], retries: { attempts: 5 } })
  for (const method of ['POST', 'PATCH', 'LOCK']) {
    requests = 0
    assert.equal((await send(upstream, { method, body: Buffer.from('x') })).status, 503)
    assert.equal(requests, 1, method)
  }
  requests = 0
  await send(upstream, { method: 'PUT', body: Readable.from([Buffer.from('x')], { objectMode: false }) })
  assert.equal(requests, 1)
})

test('an idempotent request with a body is sent again whole', async () => {
  const bodies: string[] = []
  await using service = await openService((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      bodies.push(body)
      response.writeHead(bodies.length === 1 ? 502 : 200).end()
    })
  })
  await using upstream = openUpstream(service.url)
  assert.equal((await send(upstream, { method: 'PUT', body: Buffer.from('whole') })).status, 200)
  assert.deepEqual(bodies, ['whole', 'whole'])
})

test('the last answer is handed on when there are no more attempts', async () => {
  let requests = 0
  await using service = await openService((_request, response) => {
    requests++
    response.writeHead(504).end('late')
  })
  await using upstream = openUpstream({ targets: [{ url: service.url }], retries: { attempts: 2 } })
  const answer = await send(upstream)
  assert.equal(answer.status, 504)
  assert.equal(answer.body, 'late')
  assert.equal(requests, 3)
})

test('a connection that broke before an answer is tried again, one that broke within it never', async () => {
  let requests = 0
  let answer = ''
  await using service = await openRawService((socket) => {
    socket.once('data', () => {
      requests++
      socket.end(requests === 1 ? answer : 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
  })
  await using upstream = openUpstream(service.url)
  assert.equal((await send(upstream)).body, 'ok')
  assert.equal(requests, 2)
  requests = 0
  answer = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nno'
  await using fresh = openUpstream(service.url)
  const cut = await send(fresh)
  assert.equal(cut.fault?.code, 'UPSTREAM_ERROR')
  assert.equal(requests, 1)
})

test('what is not listed is not tried again', async () => {
  let requests = 0
  await using service = await openService((_request, response) => {
    requests++
    response.writeHead(503).end()
  })
  await using upstream = openUpstream({ targets: [{ url: service.url }], retries: { on: ['reset', 502] } })
  await send(upstream)
  assert.equal(requests, 1)
})

test('however many fail, attempts stay within the budget', async () => {
  let attempts = 0
  await using service = await openService((_request, response) => {
    attempts++
    response.writeHead(503).end()
  })
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(0, 0.1, 0.2, 0.5),
      fc.integer({ min: 0, max: 4 }),
      async (requests, budget, minPerSecond) => {
        attempts = 0
        await using upstream = openUpstream(
          {
            targets: [{ url: service.url }],
            retries: { attempts: 3, budget, minPerSecond },
            breaker: { minimum: 1_000 },
          },
          new ManualClock(),
        )
        await Promise.all(Array.from({ length: requests }, () => send(upstream)))
        assert.ok(attempts >= requests)
        assert.ok(attempts <= requests * (1 + budget) + minPerSecond)
      },
    ),
    { numRuns: 15 },
  )
})

test('a target that fails several times in a row is left out for a while', async () => {
  const clock = new ManualClock()
  let bad = 0
  let healed = false
  await using one = await openService((_request, response) => {
    bad++
    response.writeHead(healed ? 200 : 502).end()
  })
  await using two = await openService((_request, response) => response.end())
  await using upstream = openUpstream(
    {
      targets: [{ url: one.url }, { url: two.url }],
      health: { passive: { consecutiveFailures: 2, ejectFor: '30s' } },
      breaker: { minimum: 1_000 },
    },
    clock,
  )
  for (let turn = 0; turn < 10; turn++) assert.equal((await send(upstream)).status, 200)
  assert.equal(bad, 2)
  assert.equal(upstream.status().targets[0]?.ejectedUntil, 30_000)
  healed = true
  clock.advance(30_000)
  for (let turn = 0; turn < 4; turn++) await send(upstream)
  assert.ok(bad > 2)
  assert.equal(upstream.status().targets[0]?.ejectedUntil, 0)
})

test('never more targets are left out than the settings allow', async () => {
  const urls = await Promise.all([closedPort(), closedPort(), closedPort(), closedPort()])
  await using upstream = openUpstream(
    {
      targets: urls.map((url) => ({ url })),
      health: { passive: { consecutiveFailures: 1, maxEjected: 0.5 } },
      retries: { attempts: 0 },
      breaker: { minimum: 1_000 },
    },
    new ManualClock(),
  )
  for (let turn = 0; turn < 20; turn++) await send(upstream)
  const ejected = upstream.status().targets.filter(({ ejectedUntil }) => ejectedUntil > 0)
  assert.equal(ejected.length, 2)
  assert.equal(upstream.status().available, true)
})

test('an open breaker answers at once without asking, and closes after good probes', async () => {
  const clock = new ManualClock()
  let requests = 0
  let healed = false
  await using service = await openService((_request, response) => {
    requests++
    response.writeHead(healed ? 200 : 503).end()
  })
  await using upstream = openUpstream(
    {
      targets: [{ url: service.url }],
      retries: { attempts: 0 },
      breaker: { minimum: 5, openFor: '10s', probes: 2 },
    },
    clock,
  )
  for (let turn = 0; turn < 5; turn++) assert.equal((await send(upstream)).status, 503)
  assert.equal(upstream.status().breaker, 'open')
  assert.equal(upstream.status().available, false)
  assert.equal((await send(upstream)).fault?.code, 'UPSTREAM_UNAVAILABLE')
  assert.equal(requests, 5)
  healed = true
  clock.advance(10_000)
  for (let turn = 0; turn < 3; turn++) assert.equal((await send(upstream)).status, 200)
  assert.equal(upstream.status().breaker, 'closed')
})

test('answers of 500 are the application’s own and open nothing', async () => {
  await using service = await openService((_request, response) => {
    response.writeHead(500).end()
  })
  await using upstream = openUpstream({ targets: [{ url: service.url }], breaker: { minimum: 2 } })
  for (let turn = 0; turn < 10; turn++) assert.equal((await send(upstream)).status, 500)
  assert.equal(upstream.status().breaker, 'closed')
})

test('slow readers and slow senders cannot make a good service look bad', async () => {
  await using service = await openService((request, response) => {
    request.resume()
    request.on('end', () => response.end(Buffer.alloc(1_000_000)))
  })
  await using upstream = openUpstream({
    targets: [{ url: service.url }],
    timeouts: { total: '400ms', response: '400ms', connect: '400ms' },
    breaker: { minimum: 1, failures: 0.01 },
    health: { passive: { consecutiveFailures: 1, maxEjected: 1 } },
  })
  const reader = await send(upstream, {}, { onData: () => false })
  assert.equal(reader.fault?.code, 'UPSTREAM_TIMEOUT')
  const sender = await send(upstream, { method: 'POST', body: new Readable({ read() {} }) })
  assert.equal(sender.fault?.code, 'UPSTREAM_TIMEOUT')
  assert.equal(upstream.status().breaker, 'closed')
  assert.equal(upstream.status().available, true)
})

test('checks leave a target out when it fails them, and take it back', async () => {
  let status = 200
  let checks = 0
  await using service = await openService((request, response) => {
    if (request.url === '/healthz') checks++
    response.writeHead(request.url === '/healthz' ? status : 200).end()
  })
  await using upstream = openUpstream({
    targets: [{ url: service.url }],
    health: { active: { path: '/healthz', interval: '5ms', healthyAfter: 2, unhealthyAfter: 2 } },
  })
  assert.equal((await send(upstream)).status, 200)
  status = 500
  while (upstream.status().targets[0]?.healthy === true) await sleep(2)
  assert.equal((await send(upstream)).fault?.code, 'UPSTREAM_UNAVAILABLE')
  status = 204
  while (upstream.status().targets[0]?.healthy === false) await sleep(2)
  assert.equal((await send(upstream)).status, 200)
  assert.ok(checks >= 4)
})

test('a check that hangs is a check that fails', async () => {
  await using service = await openService(() => {})
  await using upstream = openUpstream({
    targets: [{ url: service.url }],
    health: { active: { path: '/', interval: '5ms', timeout: '10ms', unhealthyAfter: 1 } },
  })
  while (upstream.status().available) await sleep(2)
})
