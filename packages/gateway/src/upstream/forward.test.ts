import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRawService, openService, openUpstream, send } from './testing.ts'

test('a request arrives as it was written, and the answer comes back', async () => {
  await using service = await openService((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.setHeader('X-Seen', `${request.method} ${request.url} ${request.headers.host}`)
      response.setHeader('Set-Cookie', ['a=1', 'b=2'])
      response.end(Buffer.concat(chunks))
    })
  })
  await using upstream = openUpstream(service.url)
  const answer = await send(upstream, {
    method: 'POST',
    target: '/a%20b?q=%2F',
    body: Buffer.from('hello'),
    headers: ['content-type', 'text/plain'],
  })
  assert.equal(answer.status, 200)
  assert.equal(answer.body, 'hello')
  assert.equal(answer.headers?.get('x-seen'), `POST /a%20b?q=%2F 127.0.0.1:${service.port}`)
  assert.equal(answer.headers?.count('set-cookie'), 2)
})

test('a host that the caller sets is forwarded', async () => {
  await using service = await openService((request, response) => response.end(request.headers.host))
  await using upstream = openUpstream({ targets: [{ url: service.url }], preserveHost: true })
  assert.equal((await send(upstream, { headers: ['host', 'shop.example'] })).body, 'shop.example')
})

test('many requests share few connections', async () => {
  await using service = await openService((_request, response) => response.end('ok'))
  await using upstream = openUpstream({ targets: [{ url: service.url }], connections: { max: 3 } })
  const answers = await Promise.all(Array.from({ length: 60 }, () => send(upstream)))
  assert.ok(answers.every(({ status }) => status === 200))
  assert.ok(service.sockets.size <= 3)
  const [target] = upstream.status().targets
  assert.equal(target?.inFlight, 0)
  assert.equal(target?.connections, service.sockets.size)
})

test('a request without room in the queue is refused at once', async () => {
  await using service = await openService(() => {})
  await using upstream = openUpstream({
    targets: [{ url: service.url }],
    connections: { max: 1, queue: 1 },
    timeouts: { drain: '1ms' },
  })
  void send(upstream)
  void send(upstream)
  const { fault } = await send(upstream)
  assert.equal(fault?.code, 'UPSTREAM_UNAVAILABLE')
  assert.equal(upstream.status().targets[0]?.queued, 1)
})

test('a request that waits too long for a connection is refused', async () => {
  await using service = await openService(() => {})
  await using upstream = openUpstream({
    targets: [{ url: service.url }],
    connections: { max: 1, queueFor: '20ms' },
    timeouts: { drain: '1ms' },
  })
  void send(upstream)
  assert.equal((await send(upstream)).fault?.code, 'UPSTREAM_UNAVAILABLE')
  assert.equal(upstream.status().targets[0]?.queued, 0)
})

test('a service that is not there is a 502, one that does not answer a 504', async () => {
  const gone = await openService(() => {})
  await gone[Symbol.asyncDispose]()
  await using nowhere = openUpstream(gone.url)
  assert.equal((await send(nowhere)).fault?.code, 'UPSTREAM_ERROR')
  await using service = await openService(() => {})
  await using silent = openUpstream({ targets: [{ url: service.url }], timeouts: { response: '50ms' } })
  assert.equal((await send(silent)).fault?.code, 'UPSTREAM_TIMEOUT')
})

test('requests that wait behind one that fails are told, or sent, one after the other', async () => {
  const gone = await openService(() => {})
  await gone[Symbol.asyncDispose]()
  const one = { connections: { max: 1 }, retries: { attempts: 0 }, breaker: { minimum: 1_000 } }
  await using nowhere = openUpstream({ targets: [{ url: gone.url }], ...one })
  const failed = await Promise.all(Array.from({ length: 10 }, () => send(nowhere)))
  assert.ok(failed.every(({ fault }) => fault?.code === 'UPSTREAM_ERROR'))
  let requests = 0
  await using service = await openRawService((socket) => {
    socket.once('data', () => {
      if (requests++ % 2 === 0) socket.resetAndDestroy()
      else socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok')
    })
  })
  await using shaky = openUpstream({ targets: [{ url: service.url }], ...one })
  const mixed = await Promise.all(Array.from({ length: 10 }, () => send(shaky)))
  assert.equal(mixed.filter(({ body }) => body === 'ok').length, 5)
  assert.equal(shaky.status().targets[0]?.inFlight, 0)
})

test('an answer that stops on its way is a fault after the idle time', async () => {
  await using service = await openService((_request, response) => void response.write('part'))
  await using upstream = openUpstream({ targets: [{ url: service.url }], timeouts: { idle: '50ms' } })
  const answer = await send(upstream)
  assert.equal(answer.body, 'part')
  assert.equal(answer.fault?.code, 'UPSTREAM_TIMEOUT')
})

test('a request that trickles for ever ends with the total time', async () => {
  await using service = await openService((_request, response) => {
    const timer = setInterval(() => response.write('.'), 5)
    response.on('close', () => clearInterval(timer))
  })
  await using upstream = openUpstream({
    targets: [{ url: service.url }],
    timeouts: { total: '400ms', response: '400ms', connect: '400ms' },
  })
  const answer = await send(upstream)
  assert.equal(answer.status, 200)
  assert.equal(answer.fault?.code, 'UPSTREAM_TIMEOUT')
})

test('an event stream outlives the total time, and its first event comes before its end', async () => {
  const { promise: first, resolve: heard } = Promise.withResolvers<void>()
  await using service = await openService((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
    void first.then(() => sleep(450)).then(() => response.end('data: 2\n\n'))
  })
  await using upstream = openUpstream({
    targets: [{ url: service.url }],
    timeouts: { total: '300ms', response: '300ms', connect: '300ms' },
  })
  const answer = await send(upstream, {}, { onData: () => (heard(), true) })
  assert.equal(answer.fault, undefined)
  assert.equal(answer.body, 'data: 1\n\ndata: 2\n\n')
})

test('interim answers are not the answer', async () => {
  await using service = await openRawService((socket) => {
    socket.once('data', () => {
      socket.end(
        'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      )
    })
  })
  await using upstream = openUpstream(service.url)
  const answer = await send(upstream)
  assert.equal(answer.status, 200)
  assert.equal(answer.headers?.has('link'), false)
})

test('redirects are handed back, not followed', async () => {
  let requests = 0
  await using service = await openService((_request, response) => {
    requests++
    response.writeHead(302, { location: '/elsewhere' }).end()
  })
  await using upstream = openUpstream(service.url)
  assert.equal((await send(upstream)).status, 302)
  assert.equal(requests, 1)
})

test('HEAD, 204 and 304 end without a body', async () => {
  await using service = await openService((request, response) => {
    if (request.method === 'HEAD') response.setHeader('content-length', '12')
    else response.statusCode = Number(request.url?.slice(1))
    response.end()
  })
  await using upstream = openUpstream(service.url)
  const head = await send(upstream, { method: 'HEAD' })
  assert.equal(head.headers?.get('content-length'), '12')
  assert.equal((await send(upstream, { target: '/204' })).status, 204)
  assert.equal((await send(upstream, { target: '/304' })).status, 304)
})

test('a client that leaves frees the connection and counts against nobody', async () => {
  let asked = (): void => {}
  await using service = await openService(() => asked())
  await using upstream = openUpstream({
    targets: [{ url: service.url }],
    connections: { max: 1 },
    breaker: { minimum: 1 },
  })
  for (const moment of ['connecting', 'asked', 'asked again']) {
    const { promise, resolve } = Promise.withResolvers<void>()
    asked = resolve
    let told = false
    const call = upstream.forward(
      { method: 'GET', target: '/', headers: [], body: undefined, id: 'x' },
      { head() {}, data: () => true, end: () => (told = true), fault: () => (told = true) },
    )
    if (moment !== 'connecting') await promise
    call.abort()
    call.abort()
    await sleep(5)
    assert.equal(told, false, moment)
  }
  const status = upstream.status()
  assert.equal(status.targets[0]?.inFlight, 0)
  assert.equal(status.breaker, 'closed')
  assert.ok(service.sockets.size <= 1)
})

test('a request that is given up while it waits never reaches the service', async () => {
  let requests = 0
  const { promise: first, resolve: answerFirst } = Promise.withResolvers<void>()
  await using service = await openService((_request, response) => {
    requests++
    void first.then(() => response.end())
  })
  await using upstream = openUpstream({ targets: [{ url: service.url }], connections: { max: 1 } })
  const one = send(upstream)
  void send(upstream, {}, { onCall: (call) => call.abort() })
  const three = send(upstream)
  answerFirst()
  await Promise.all([one, three])
  assert.equal(requests, 2)
})

test('a request that cannot be written as HTTP/1.1 is nobody else’s fault', async () => {
  await using service = await openService((_request, response) => response.end())
  await using upstream = openUpstream({ targets: [{ url: service.url }], breaker: { minimum: 1 } })
  const cases: readonly (readonly [string, string])[] = [
    ['/a b', 'x'],
    ['/a\r\nX: y', 'x'],
    ['/', 'a\r\nx-evil: 1'],
    ['/', 'a\0b'],
  ]
  for (const [target, value] of cases) {
    const { fault } = await send(upstream, { target, headers: ['x-a', value] })
    assert.equal(fault?.source, 'gateway')
  }
  assert.equal(upstream.status().breaker, 'closed')
  assert.equal((await send(upstream)).status, 200)
})

test('a receiver that throws breaks its own call only', async () => {
  await using service = await openService((_request, response) => response.end('ok'))
  await using upstream = openUpstream({ targets: [{ url: service.url }], breaker: { minimum: 1 } })
  const { promise, resolve } = Promise.withResolvers<string>()
  upstream.forward(
    { method: 'GET', target: '/', headers: [], body: undefined, id: 'x' },
    {
      head() {
        throw new TypeError('a mistake in the receiver')
      },
      data: () => true,
      end: () => resolve('end'),
      fault: (fault) => resolve(fault.source),
    },
  )
  assert.equal(await promise, 'gateway')
  assert.equal(upstream.status().breaker, 'closed')
  assert.equal((await send(upstream)).body, 'ok')
})

test('after it was disposed of, an upstream refuses', async () => {
  await using service = await openService((_request, response) => response.end())
  const upstream = openUpstream(service.url)
  await send(upstream)
  await upstream[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
  assert.equal((await send(upstream)).fault?.code, 'UPSTREAM_UNAVAILABLE')
})

test('disposing lets requests end, and leaves no socket', async () => {
  const { promise: asked, resolve: heard } = Promise.withResolvers<void>()
  await using service = await openService((_request, response) => {
    heard()
    setTimeout(() => response.end('late'), 30)
  })
  const upstream = openUpstream(service.url)
  const answer = send(upstream)
  await asked
  await upstream[Symbol.asyncDispose]()
  assert.equal((await answer).body, 'late')
  await Promise.all([...service.sockets].map((socket) => once(socket, 'close')))
  assert.equal(service.sockets.size, 0)
})

test('disposing breaks off what takes too long', async () => {
  const { promise: asked, resolve: heard } = Promise.withResolvers<void>()
  await using service = await openService(() => heard())
  const upstream = openUpstream({ targets: [{ url: service.url }], timeouts: { drain: '20ms' } })
  const answer = send(upstream)
  await asked
  await upstream[Symbol.asyncDispose]()
  assert.equal((await answer).fault?.source, 'upstream')
})
