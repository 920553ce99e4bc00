import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Reply } from '../../exchange/reply.ts'
import { collect, openTestListener, statusesOf, type TestListener } from '../testing.ts'

const host = 'Host: api.example\r\n'
const get = (path: string) => `GET ${path} HTTP/1.1\r\n${host}\r\n`
const post = (path: string, body: string, fields = '') =>
  `POST ${path} HTTP/1.1\r\n${host}${fields}Content-Length: ${body.length}\r\n\r\n${body}`
const last = `GET /last HTTP/1.1\r\n${host}Connection: close\r\n\r\n`

async function open({ port }: TestListener): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Sends each part once the answer to the one before is there, and gives back all that came. */
async function converse(listener: TestListener, ...parts: readonly string[]): Promise<string> {
  const socket = await open(listener)
  const answered = collect(socket, 5_000)
  for (const [index, part] of parts.entries()) {
    const next = index === parts.length - 1 ? undefined : once(socket, 'data')
    socket.write(Buffer.from(part, 'latin1'))
    await next
  }
  return (await answered).text
}

test('a connection goes from plain requests to every other kind and keeps its order', async () => {
  await using listener = await openTestListener()
  const chunked = `POST /c HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`
  const text = await converse(
    listener,
    get('/a'),
    post('/b', 'hello'),
    post('/b', '', ''),
    chunked,
    get('/d'),
    get('/e') + post('/f', 'two in one') + last,
  )
  assert.deepEqual(statusesOf(text), [200, 200, 200, 200, 200, 200, 200, 200])
  assert.deepEqual(
    listener.openings.map(({ request }) => request.path),
    ['/a', '/b', '/b', '/c', '/d', '/e', '/f', '/last'],
  )
  assert.deepEqual(
    listener.bodies.filter((body) => body !== ''),
    ['hello', 'abc', 'two in one'],
  )
})

test('a header section that is larger than it may be is refused, though it comes in one packet', async () => {
  await using listener = await openTestListener({ wire: { headerBytes: '4KB' } })
  const field = (length: number) => `X-Padding: ${'a'.repeat(length)}\r\n`
  const ask = (length: number) => `GET /a HTTP/1.1\r\n${host}${field(length)}\r\n`
  assert.deepEqual(statusesOf(await converse(listener, ask(3_000), ask(5_000))), [200, 431])
  assert.deepEqual(statusesOf(await converse(listener, ask(50_000))), [431])
})

test('a broken or forbidden message after plain ones is refused as ever, and ends the connection', async () => {
  await using listener = await openTestListener()
  for (const [bad, status] of [
    [`GET /%2f HTTP/1.1\r\n${host}\r\n`, 400],
    [`GET / HTTP/1.1\r\nA: b\r\n\r\n`, 400],
    [`GET / HTTP/1.1\r\n${host}${host}\r\n`, 400],
    [`GET / HTTP/1.1\r\n${host}A : b\r\n\r\n`, 400],
    [`POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    [`GET / HTTP/1.1\r\n${host}Expect: more\r\n\r\n`, 417],
    [`GET /${'a'.repeat(9_000)} HTTP/1.1\r\n${host}\r\n`, 414],
    [`GET / HTTP/1.1\r\n${host}${'A: b\r\n'.repeat(150)}\r\n`, 431],
  ] as const) {
    const text = await converse(listener, get('/a'), bad + get('/never'))
    assert.deepEqual(statusesOf(text), [200, status], bad.slice(0, 60))
  }
  assert.ok(listener.openings.every(({ request }) => request.path !== '/never'))
})

test('a request with a body cut at every byte is answered the same, and so is the next one', async () => {
  await using listener = await openTestListener()
  const message = post('/p', 'hello')
  for (let place = 1; place < message.length; place++) {
    const socket = await open(listener)
    const answered = collect(socket, 5_000)
    socket.write(get('/a'))
    await once(socket, 'data')
    socket.write(message.slice(0, place))
    await sleep(1)
    socket.write(message.slice(place) + last)
    assert.match((await answered).text, /GET \/a [^]*POST \/p hello[^]*GET \/last $/, `cut at ${place}`)
  }
})

test('a request for which the client is told to go on is not kept waiting', async () => {
  await using listener = await openTestListener()
  const socket = await open(listener)
  socket.write(get('/a'))
  await once(socket, 'data')
  socket.write(`POST /b HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`)
  const [interim] = (await once(socket, 'data')) as [Buffer]
  assert.match(interim.toString(), /^HTTP\/1\.1 100 /)
  const answered = collect(socket, 5_000)
  socket.write(`hello${last}`)
  assert.match((await answered).text, /POST \/b hello[^]*GET \/last $/)
})

test('what a client sends before it has its answer waits, in order and within bounds', async () => {
  const replies: Reply[] = []
  const paths: string[] = []
  await using listener = await openTestListener({
    handle(opening, _body, reply) {
      paths.push(opening.request.path)
      replies.push(reply)
    },
  })
  const socket = await open(listener)
  const answered = collect(socket, 5_000)
  socket.write(get('/a'))
  while (replies.length < 1) await sleep(1)
  for (const path of ['/b', '/c']) {
    socket.write(get(path))
    await sleep(5)
  }
  assert.deepEqual(paths, ['/a'])
  replies[0]?.send(200, [], Buffer.from('<a>'))
  while (replies.length < 3) await sleep(1)
  replies[2]?.send(200, [], Buffer.from('<c>'))
  replies[1]?.send(200, [], Buffer.from('<b>'))
  socket.write(last)
  while (replies.length < 4) await sleep(1)
  replies[3]?.send(200, [], Buffer.from('<last>'))
  assert.deepEqual((await answered).text.match(/<\w+>/g), ['<a>', '<b>', '<c>', '<last>'])
})

test('a flood of bytes behind a request that waits is not taken from the network without end', async () => {
  const arrived = Promise.withResolvers<Reply>()
  await using listener = await openTestListener({
    handle: (_opening, _body, reply) => arrived.resolve(reply),
  })
  const socket = await open(listener)
  socket.write(get('/a'))
  const reply = await arrived.promise
  let sent = 0
  while (sent < 64 * 1_048_576 && socket.write(Buffer.alloc(65_536, 'x'))) sent += 65_536
  while (sent < 64 * 1_048_576) {
    const drained = await Promise.race([once(socket, 'drain').then(() => true), sleep(300).then(() => false)])
    if (!drained) break
    socket.write(Buffer.alloc(65_536, 'x'))
    sent += 65_536
  }
  assert.ok(sent < 32 * 1_048_576, `${sent} bytes were taken`)
  socket.destroy()
  reply.abort()
})

test('a client that leaves before its answer is told to whoever answers it', async () => {
  for (const leave of ['destroy', 'end', 'resetAndDestroy'] as const) {
    const left = Promise.withResolvers<boolean>()
    const arrived = Promise.withResolvers<Reply>()
    await using listener = await openTestListener({
      handle(_opening, _body, reply) {
        reply.onClose(left.resolve)
        arrived.resolve(reply)
      },
    })
    const socket = await open(listener)
    socket.write(post('/a', 'hello'))
    const reply = await arrived.promise
    socket[leave]()
    assert.equal(await left.promise, false)
    assert.ok(reply.closed)
    reply.send(200, [], Buffer.from('late'))
    socket.destroy()
  }
})

test('a request with which its client ends its side is heard, and the next one on its way with it', async () => {
  await using listener = await openTestListener()
  for (const text of [get('/a'), post('/b', 'hello'), get('/c') + get('/d')]) {
    const socket = await open(listener)
    socket.end(text)
    await once(socket.resume(), 'close')
  }
  assert.deepEqual(
    listener.openings.map(({ request }) => request.path),
    ['/a', '/b', '/c', '/d'],
  )
})

test('an answer streams in chunks, or as long as it says, and the connection goes on', async () => {
  const large = 'x'.repeat(40_000)
  await using listener = await openTestListener({
    handle(opening, _body, reply) {
      const parts = opening.request.query === 'large' ? [large, large, large] : ['hello', '', 'world']
      const length = parts.reduce((sum, part) => sum + part.length, 0)
      reply.head(200, opening.request.path === '/sized' ? ['content-length', `${length}`] : [])
      for (const part of parts) reply.write(Buffer.from(part))
      reply.end()
    },
  })
  const sized = await converse(listener, get('/sized'), get('/sized?large'), last)
  assert.match(sized, /content-length: 10\r\n[^]*\r\n\r\nhelloworldHTTP[^]*content-length: 120000/)
  assert.equal(sized.split('x').length - 1, 120_000)
  const chunked = await converse(listener, get('/open'), get('/open?large'), last)
  assert.match(chunked, /transfer-encoding: chunked\r\n[^]*\r\n\r\n5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\nHTTP/)
  assert.match(chunked, /\r\n9c40\r\nx{40000}\r\n9c40\r\nx{40000}\r\n9c40\r\nx{40000}\r\n0\r\n\r\nHTTP/)
})

test('HEAD, 204 and 304 have no body, whole or streamed', async () => {
  await using listener = await openTestListener({
    handle(opening, _body, reply) {
      const [, status, way] = opening.request.path.split('/')
      const headers = status === '204' ? [] : ['content-length', '7']
      if (way === 'whole') reply.send(Number(status), headers, undefined)
      else {
        reply.head(Number(status), headers)
        reply.write(Buffer.from('no body'))
        reply.end()
      }
    },
  })
  for (const way of ['whole', 'streamed'])
    for (const message of [
      get(`/304/${way}`),
      get(`/204/${way}`),
      get(`/200/${way}`).replace('GET', 'HEAD'),
    ]) {
      const text = await converse(listener, message, last.replace('/last', '/204/whole'))
      assert.deepEqual(statusesOf(text).length, 2)
      assert.match(text, /^HTTP\/1\.1 \d{3} [^]*?\r\n\r\nHTTP\/1\.1 204 /)
      assert.doesNotMatch(text, /no body|chunked/)
    }
})

test('an answer that breaks its word, is aborted, or cannot be written ends the connection', async () => {
  const ways: Readonly<Record<string, (reply: Reply) => void>> = {
    short(reply) {
      reply.head(200, ['content-length', '5'])
      reply.write(Buffer.from('hell'))
      reply.end()
    },
    long(reply) {
      reply.head(200, ['content-length', '5'])
      reply.write(Buffer.from('hello!'))
    },
    aborted(reply) {
      reply.head(200, [])
      reply.write(Buffer.from('half'))
      setImmediate(() => reply.abort())
    },
  }
  for (const [way, answer] of Object.entries(ways)) {
    const whole = Promise.withResolvers<boolean>()
    await using listener = await openTestListener({
      handle(_opening, _body, reply) {
        reply.onClose(whole.resolve)
        answer(reply)
      },
    })
    const socket = await open(listener)
    const answered = collect(socket, 5_000)
    socket.write(get('/'))
    const { text, closed } = await answered
    assert.equal(closed, true, way)
    assert.equal(await whole.promise, false, way)
    assert.doesNotMatch(text, /!|0\r\n\r\n$/, way)
  }
  await using listener = await openTestListener({
    handle: (_opening, _body, reply) => reply.send(200, ['x', 'a\r\nset-cookie: b'], Buffer.from('ok')),
  })
  const text = await converse(listener, get('/'))
  assert.match(text, /^HTTP\/1\.1 502 [^]*connection: close\r\n\r\n$/)
  assert.doesNotMatch(text, /set-cookie/)
})

test('a coded body is decoded, and one that is not wanted is not', async () => {
  const outcomes: string[] = []
  await using listener = await openTestListener({
    handle(_opening, body, reply) {
      body.readWhole(4, 1_000, (problem, bytes) => {
        outcomes.push(problem?.code ?? bytes.toString())
        reply.send(200, [], undefined)
      })
    },
  })
  const gzipped = Buffer.from('H4sIAAAAAAACA8tIBQBlZ8LMAgAAAA==', 'base64').toString('latin1')
  await converse(
    listener,
    post('/', 'four'),
    post('/', 'fives'),
    post('/', 'x', 'Content-Encoding: lzma\r\n'),
    post('/', 'x', 'Content-Encoding: identity\r\n'),
    post('/', gzipped, 'Content-Encoding: gzip\r\n'),
    last,
  )
  assert.deepEqual(outcomes, [
    'four',
    'PAYLOAD_TOO_LARGE',
    'UNSUPPORTED_MEDIA_TYPE',
    'x',
    'PAYLOAD_TOO_LARGE',
    '',
  ])
})

test('a connection has its share of requests and no more, and a drained one says so', async () => {
  await using few = await openTestListener({ wire: { connections: { maxRequests: 2 } } })
  const text = await converse(few, get('/a'), get('/b'))
  assert.match(text, /keep-alive: timeout=\d+[^]*connection: close\r\n[^]*GET \/b $/)
  const arrived = Promise.withResolvers<Reply>()
  await using drained = await openTestListener({
    handle: (_opening, _body, reply) => arrived.resolve(reply),
  })
  const socket = await open(drained)
  const answered = collect(socket, 5_000)
  socket.write(get('/'))
  const reply = await arrived.promise
  const ended = drained.listener.drain(3_000)
  reply.head(200, [])
  reply.write(Buffer.from('done'))
  reply.end()
  assert.match((await answered).text, /connection: close\r\n[^]*done\r\n0\r\n\r\n$/)
  await ended
})
