import assert from 'node:assert/strict'
import http2, { type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import type { Reply } from '../exchange/reply.ts'
import { openTestListener, type TestListenerOptions } from './testing.ts'
import { openTestCertificates, type TestCertificates } from './tls/testing.ts'

let certificates: TestCertificates
before(async () => {
  certificates = await openTestCertificates()
})
after(() => certificates[Symbol.asyncDispose]())

async function openSecure(options: TestListenerOptions = {}) {
  const listener = await openTestListener({
    ...options,
    tls: { profile: 'intermediate', certificates: certificates.source },
  })
  const session = http2.connect(`https://127.0.0.1:${listener.port}`, {
    ca: certificates.authority,
    servername: 'localhost',
  })
  session.on('error', () => {})
  return {
    listener,
    session,
    async [Symbol.asyncDispose]() {
      session.destroy()
      await listener[Symbol.asyncDispose]()
    },
  }
}

interface Outcome {
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly code: number | undefined
}

async function outcomeOf(stream: ClientHttp2Stream): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  let headers: IncomingHttpHeaders = {}
  let body = ''
  stream.on('response', (received) => (headers = received))
  stream.on('data', (chunk: Buffer) => (body += chunk.toString()))
  stream.on('error', () => {})
  stream.on('close', () => resolve({ headers, body, code: stream.rstCode }))
  return promise
}

function ask(
  session: ClientHttp2Session,
  headers: http2.OutgoingHttpHeaders,
  body?: string | Buffer,
): Promise<Outcome> {
  const stream = session.request(headers, { endStream: body === undefined })
  if (body !== undefined) stream.end(body)
  return outcomeOf(stream)
}

test('an HTTP/2 request opens like any other and is answered', async () => {
  await using secure = await openSecure()
  const { headers, body } = await ask(
    secure.session,
    { ':path': '/v1/%6Frders?a=1', ':method': 'POST', 'x-a': '1' },
    'hello',
  )
  assert.equal(headers[':status'], 200)
  assert.equal(body, 'POST /v1/orders hello')
  const [opening] = secure.listener.openings
  assert.equal(opening?.request.protocol, 'h2')
  assert.equal(opening?.request.host, 'localhost')
  assert.equal(opening?.request.secure, true)
  assert.equal(opening?.request.hasBody, true)
  assert.deepEqual(opening?.request.headers.flat.slice(0, 2), ['x-a', '1'])
})

for (const goes of ['goes on', 'leaves at once'] as const) {
  test(`an answer to a request with a body is whole when all of it was sent, and the client ${goes}`, async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    await using secure = await openSecure({
      handle(_opening, body, reply) {
        reply.onClose(resolve)
        body.readWhole(1_024, 1_000, (_problem, bytes) => {
          setTimeout(
            () => reply.send(200, ['content-type', 'text/plain'], Buffer.from(String(bytes?.length))),
            5,
          )
        })
      },
    })
    const stream = secure.session.request({ ':path': '/', ':method': 'POST' })
    if (goes === 'leaves at once') stream.on('end', () => secure.session.destroy())
    stream.end('hello')
    assert.equal((await outcomeOf(stream)).body, '5')
    assert.equal(await promise, true)
  })
}

test('an answer of which the client leaves a part behind is not whole', async () => {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  await using secure = await openSecure({
    handle(_opening, body, reply) {
      reply.onClose(resolve)
      body.readWhole(1_024, 1_000, () => reply.send(200, [], Buffer.alloc(4 * 1_024 * 1_024)))
    },
  })
  const stream = secure.session.request({ ':path': '/', ':method': 'POST' })
  stream.on('error', () => {})
  stream.once('data', () => secure.session.destroy())
  stream.end('hello')
  assert.equal(await promise, false)
})

test('a target with two readings, a foreign host or a foreign scheme is refused', async () => {
  await using secure = await openSecure()
  for (const headers of [
    { ':path': '/a/%2e%2e/b' },
    { ':path': '//a' },
    { ':path': '*', ':method': 'OPTIONS' },
    { ':path': '/a#b' },
    { ':path': '/', ':authority': 'localhost', host: 'evil.example' },
    { ':path': '/', ':authority': 'localhost:99999' },
    { ':path': '/', ':scheme': 'http' },
    { ':path': '/', ':scheme': 'file' },
  ]) {
    const { headers: answer } = await ask(secure.session, headers)
    assert.equal(answer[':status'], 400, JSON.stringify(headers))
  }
  assert.equal((await ask(secure.session, { ':path': '/', ':method': 'TRACE' })).headers[':status'], 405)
})

test('an absolute target, or one with a space, costs the stream', async () => {
  await using secure = await openSecure()
  for (const path of ['http://localhost/', '/a b', '/ HTTP/1.1']) {
    const { code } = await ask(secure.session, { ':path': path })
    assert.equal(code, http2.constants.NGHTTP2_PROTOCOL_ERROR)
  }
  assert.equal(secure.listener.openings.length, 0)
})

test('CONNECT is refused with 405', async () => {
  await using secure = await openSecure()
  const { headers } = await ask(secure.session, { ':method': 'CONNECT', ':authority': 'evil.example:443' })
  assert.equal(headers[':status'], 405)
})

test('large and many header fields are refused with 431, or cost the stream', async () => {
  await using secure = await openSecure({ wire: { headerBytes: '4KB', headerCount: 20 } })
  const many = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`x-${index}`, 'y']))
  assert.equal((await ask(secure.session, { ':path': '/', ...many })).headers[':status'], 431)
  const large = await ask(secure.session, { ':path': '/', 'x-large': 'a'.repeat(6_000) })
  assert.ok(Number(large.headers[':status']) === 431 || large.code !== http2.constants.NGHTTP2_NO_ERROR)
  assert.equal((await ask(secure.session, { ':path': `/${'a'.repeat(100)}` })).headers[':status'], 200)
})

test('an answer streams, keeps its declared length, and leaves the connection fields out', async () => {
  await using secure = await openSecure({
    handle(opening, _body, reply) {
      reply.head(200, [
        'content-length',
        '10',
        'connection',
        'close',
        'transfer-encoding',
        'chunked',
        'x-a',
        '1',
      ])
      reply.write(Buffer.from('hello'))
      reply.write(Buffer.from(opening.request.path === '/long' ? 'worlds' : 'world'))
      reply.end()
    },
  })
  const { headers, body } = await ask(secure.session, { ':path': '/' })
  assert.equal(body, 'helloworld')
  assert.equal(headers['connection'], undefined)
  assert.equal(headers['x-a'], '1')
  assert.notEqual((await ask(secure.session, { ':path': '/long' })).code, http2.constants.NGHTTP2_NO_ERROR)
})

test('a large answer arrives whole, and HEAD has none', async () => {
  await using secure = await openSecure({
    handle: (_opening, _body, reply) => reply.send(200, [], Buffer.alloc(3_000_000, 'x')),
  })
  assert.equal((await ask(secure.session, { ':path': '/' })).body.length, 3_000_000)
  const head = await ask(secure.session, { ':path': '/', ':method': 'HEAD' })
  assert.equal(head.body, '')
  assert.equal(head.headers['content-length'], '3000000')
})

test('an upload that nobody reads is answered and let go', async () => {
  await using secure = await openSecure({
    handle: (_opening, _body, reply) => reply.send(401, [], Buffer.from('no')),
  })
  const stream = secure.session.request({ ':path': '/', ':method': 'POST' })
  stream.write(Buffer.alloc(100_000))
  const { headers, body, code } = await outcomeOf(stream)
  assert.equal(headers[':status'], 401)
  assert.equal(body, 'no')
  assert.equal(code, http2.constants.NGHTTP2_NO_ERROR)
})

test('100 Continue comes when the body is read', async () => {
  await using secure = await openSecure()
  const stream = secure.session.request(
    { ':path': '/', ':method': 'POST', expect: '100-continue' },
    { endStream: false },
  )
  stream.once('continue', () => stream.end('hello'))
  assert.equal((await outcomeOf(stream)).body, 'POST / hello')
})

test('a header that cannot be written is a 502', async () => {
  await using secure = await openSecure({
    handle: (_opening, _body, reply) => reply.send(200, ['x', 'a\r\nb'], undefined),
  })
  assert.equal((await ask(secure.session, { ':path': '/' })).headers[':status'], 502)
})

test('a cancelled stream is told to whoever answers it', async () => {
  const arrived = Promise.withResolvers<Reply>()
  const closed = Promise.withResolvers<boolean>()
  await using secure = await openSecure({
    handle(_opening, _body, reply) {
      reply.onClose(closed.resolve)
      arrived.resolve(reply)
    },
  })
  const stream = secure.session.request({ ':path': '/' })
  stream.on('error', () => {})
  const reply = await arrived.promise
  stream.close(http2.constants.NGHTTP2_CANCEL)
  assert.equal(await closed.promise, false)
  assert.equal(reply.closed, true)
  reply.send(200, [], Buffer.from('late'))
})

test('a rapid reset ends the connection (CVE-2023-44487)', async () => {
  let handled = 0
  await using secure = await openSecure({ wire: { http2: { maxResets: 20 } }, handle: () => void handled++ })
  const closed = new Promise((resolve) => secure.session.once('close', resolve))
  const attack = setInterval(() => {
    if (secure.session.closed || secure.session.destroyed) return
    const stream = secure.session.request({ ':path': '/' })
    stream.on('error', () => {})
    stream.close(http2.constants.NGHTTP2_CANCEL)
  }, 0)
  await closed
  clearInterval(attack)
  assert.ok(handled <= 40, `${handled} streams reached the handler`)
  assert.ok(secure.listener.refusals.some((refusal) => refusal.reason === 'http2-flood'))
})

test('draining lets streams end, and tells the client to go away', async () => {
  const arrived = Promise.withResolvers<Reply>()
  await using secure = await openSecure({ handle: (_opening, _body, reply) => arrived.resolve(reply) })
  const goaway = new Promise((resolve) => secure.session.once('goaway', resolve))
  const outcome = ask(secure.session, { ':path': '/' })
  const reply = await arrived.promise
  const drained = secure.listener.listener.drain(3_000)
  await goaway
  reply.send(200, [], Buffer.from('done'))
  assert.equal((await outcome).body, 'done')
  await drained
})

test('a connection without streams is closed after its time', async () => {
  await using secure = await openSecure({ wire: { timeouts: { keepAlive: '100ms' } } })
  const closed = new Promise((resolve) => secure.session.once('close', resolve))
  assert.equal((await ask(secure.session, { ':path': '/' })).headers[':status'], 200)
  await closed
})

test('a connection on which nothing is said after the handshake is closed without a word', async () => {
  await using secure = await openSecure({ wire: { timeouts: { headers: '100ms' } } })
  const socket = connect({
    port: secure.listener.port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: certificates.authority,
  })
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await new Promise((resolve) => socket.once('close', resolve))
  assert.equal(text, '')
  assert.deepEqual(secure.listener.refusals, [])
})

test('an HTTP/2 body that does not arrive costs the stream', async () => {
  await using secure = await openSecure({ wire: { timeouts: { request: '100ms' } } })
  const stream = secure.session.request({ ':path': '/', ':method': 'POST' }, { endStream: false })
  stream.write('hel')
  assert.equal((await outcomeOf(stream)).code, http2.constants.NGHTTP2_INTERNAL_ERROR)
  assert.deepEqual(
    secure.listener.refusals.map((refusal) => refusal.reason),
    ['slow-body'],
  )
})

test('HTTP/1.1 over TLS has the same handler', async () => {
  await using secure = await openSecure()
  const socket = connect({
    port: secure.listener.port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: certificates.authority,
    ALPNProtocols: ['http/1.1'],
  })
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  socket.write('POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello')
  await new Promise((resolve) => socket.once('close', resolve))
  assert.match(text, /^HTTP\/1\.1 200 [^]*POST \/a hello$/)
  assert.equal(secure.listener.openings[0]?.request.secure, true)
})
