import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Readable } from 'node:stream'
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

const brokenAnswers: readonly (readonly [string, string, 'end' | 'reset'])[] = [
  ['a body shorter than its length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', 'end'],
  ['a body shorter than its length, reset', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', 'reset'],
  ['chunks without a last one', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n', 'end'],
  ['a chunk that is cut', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc', 'reset'],
  ['a body without a length, reset', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc', 'reset'],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n', 'end'],
  ['a head that is cut', 'HTTP/1.1 200 OK\r\nContent-Le', 'end'],
  ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: 3x\r\n\r\nabc', 'end'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd', 'end'],
  [
    'both a length and chunks',
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    'end',
  ],
  [
    'a switch that nobody asked for',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    'end',
  ],
  [
    'an endless head',
    `HTTP/1.1 200 OK\r\n${'X-A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n'.repeat(3_000)}`,
    'end',
  ],
  ['nothing', '', 'end'],
  ['a status below 100', 'HTTP/1.1 099 No\r\nContent-Length: 2\r\n\r\nno', 'end'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\nno', 'end'],
  ['a control character in a field', 'HTTP/1.1 200 OK\r\nX-A: a\x01b\r\nContent-Length: 2\r\n\r\nno', 'end'],
  ['a carriage return in a field', 'HTTP/1.1 200 OK\r\nX-A: a\rX-B: b\r\nContent-Length: 2\r\n\r\nno', 'end'],
  ['a space in a name', 'HTTP/1.1 200 OK\r\nX A: a\r\nContent-Length: 2\r\n\r\nno', 'end'],
  ['a space after a name', 'HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nno', 'end'],
  ['a folded field', 'HTTP/1.1 200 OK\r\nX-A: a\r\n b\r\nContent-Length: 2\r\n\r\nno', 'end'],
  ['a field without a colon', 'HTTP/1.1 200 OK\r\nX-A\r\nContent-Length: 2\r\n\r\nno', 'end'],
  ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nno', 'end'],
  [
    'a chunk larger than there are numbers',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc',
    'end',
  ],
  [
    'a chunk size that is no number',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc',
    'end',
  ],
  [
    'chunks longer than they say',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n',
    'end',
  ],
  [
    'a transfer coding nobody offered',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    'end',
  ],
  [
    'a transfer coding that ends with the connection',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc',
    'end',
  ],
  ['an interim answer only', 'HTTP/1.1 103 Early Hints\r\n\r\n', 'end'],
  [
    'a 100 that nobody waited for',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    'end',
  ],
]

for (const [what, bytes, ending] of brokenAnswers) {
  test(`an answer with ${what} never looks whole`, async () => {
    await using service = await openRawService((socket) => {
      socket.once('data', () => {
        socket.write(bytes, 'latin1', () => {
          if (ending === 'end') socket.end()
          else setTimeout(() => socket.resetAndDestroy(), 20)
        })
      })
    })
    await using upstream = openUpstream({ targets: [{ url: service.url }], retries: { attempts: 0 } })
    const { fault } = await send(upstream)
    assert.equal(fault?.code, 'UPSTREAM_ERROR')
    assert.equal(fault.source, 'upstream')
  })
}

test('a body that ends with the connection is whole', async () => {
  await using service = await openRawService((socket) => {
    socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nabc'))
  })
  await using upstream = openUpstream(service.url)
  const answer = await send(upstream)
  assert.equal(answer.fault, undefined)
  assert.equal(answer.body, 'abc')
})

test('bytes after an answer are never taken for the next one', async () => {
  await using service = await openRawService((socket) => {
    socket.on('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil')
    })
  })
  await using upstream = openUpstream({ targets: [{ url: service.url }], connections: { max: 1 } })
  for (let turn = 0; turn < 5; turn++) {
    const answer = await send(upstream)
    if (answer.fault === undefined) assert.equal(answer.body, 'ok')
  }
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

test('a slow reader makes the service wait, and loses nothing', async () => {
  const size = 4 * 1024 * 1024
  await using service = await openService((_request, response) => response.end(Buffer.alloc(size, 'x')))
  await using upstream = openUpstream(service.url)
  let pauses = 0
  const answer = await send(
    upstream,
    {},
    {
      onData(_chunk, call) {
        if (pauses++ > 20) return true
        setTimeout(() => call.resume(), 2)
        return false
      },
    },
  )
  assert.equal(answer.fault, undefined)
  assert.equal(answer.body.length, size)
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

test('a body is streamed with its length, or in chunks', async () => {
  await using service = await openService((request, response) => {
    const framing = request.headers['transfer-encoding'] ?? request.headers['content-length']
    let size = 0
    request.on('data', (chunk: Buffer) => (size += chunk.length))
    request.on('end', () => response.end(`${framing} ${size}`))
  })
  await using upstream = openUpstream(service.url)
  const body = (): Readable =>
    Readable.from([Buffer.alloc(70_000), Buffer.alloc(30_000)], { objectMode: false })
  const chunked = await send(upstream, { method: 'POST', body: body() })
  assert.equal(chunked.body, 'chunked 100000')
  const sized = await send(upstream, { method: 'POST', body: body(), headers: ['content-length', '100000'] })
  assert.equal(sized.body, '100000 100000')
})

test("a body that breaks off is the client's fault and never a whole request", async () => {
  let whole = 0
  await using service = await openService((request, response) => {
    request.on('error', () => {})
    request.on('end', () => {
      whole++
      response.end()
    })
    request.resume()
  })
  await using upstream = openUpstream({ targets: [{ url: service.url }], breaker: { minimum: 1 } })
  const tooShort = Readable.from([Buffer.from('abc')], { objectMode: false })
  const short = await send(upstream, { method: 'POST', body: tooShort, headers: ['content-length', '10'] })
  assert.equal(short.fault?.source, 'client')
  const breaking = new Readable({ read() {} })
  breaking.push('abc')
  const breaks = send(upstream, { method: 'POST', body: breaking })
  setTimeout(() => breaking.destroy(new Error('gone')), 20)
  assert.equal((await breaks).fault?.source, 'client')
  const closing = new Readable({ read() {} })
  const closes = send(upstream, { method: 'POST', body: closing })
  closing.destroy()
  assert.equal((await closes).fault?.source, 'client')
  assert.equal(whole, 0)
  assert.equal(upstream.status().breaker, 'closed')
})

test('an answer that comes before the body was sent is still an answer', async () => {
  await using service = await openService((_request, response) => {
    response.writeHead(413).end('too large')
  })
  await using upstream = openUpstream(service.url)
  const body = new Readable({
    read() {
      setImmediate(() => this.push(Buffer.alloc(1_000)))
    },
  })
  const answer = await send(upstream, { method: 'POST', body })
  assert.equal(answer.status, 413)
  assert.equal(answer.body, 'too large')
  body.destroy()
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
