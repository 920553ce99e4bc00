import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Problem } from '@gateward/kernel'
import { exchangeBytes, openTestListener, statusesOf } from './testing.ts'

const host = 'Host: api.example\r\n'
const closing = `${host}Connection: close\r\n`
const get = `GET / HTTP/1.1\r\n${closing}\r\n`

test('an upload that nobody reads gets its answer all the same, and no request after it', async () => {
  await using listener = await openTestListener({
    handle: (_opening, _body, reply) => reply.send(413, [], Buffer.from('too large')),
  })
  const socket = connect(listener.port, '127.0.0.1')
  socket.on('error', () => {})
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  socket.write(`POST / HTTP/1.1\r\n${host}Content-Length: 1000000000\r\n\r\n`)
  const feeding = setInterval(() => socket.write(Buffer.alloc(65_536)), 1)
  await new Promise((resolve) => socket.once('data', resolve))
  clearInterval(feeding)
  await new Promise((resolve) => socket.once('close', resolve))
  assert.match(text, /^HTTP\/1\.1 413 [^]*connection: close[^]*too large$/i)
})

test('a small body that nobody reads does not cost the connection', async () => {
  await using listener = await openTestListener({
    handle: (_opening, _body, reply) => reply.send(401, [], undefined),
  })
  const post = `POST / HTTP/1.1\r\n${host}Content-Length: 5\r\n\r\nhello`
  const { text } = await exchangeBytes(listener.port, post + get)
  assert.deepEqual(statusesOf(text), [401, 401])
})

test('a streamed answer goes out in chunks, or as long as it says', async () => {
  await using listener = await openTestListener({
    handle(opening, _body, reply) {
      reply.head(200, opening.request.path === '/sized' ? ['content-length', '10'] : [])
      reply.write(Buffer.from('hello'))
      reply.write(Buffer.from('world'))
      reply.end()
    },
  })
  const chunked = await exchangeBytes(listener.port, get)
  assert.match(chunked.text, /transfer-encoding: chunked\r\n[^]*hello(?:\r\n5\r\n)?world\r\n0\r\n\r\n$/i)
  const sized = await exchangeBytes(listener.port, get.replace('/', '/sized'))
  assert.match(sized.text, /content-length: 10\r\n[^]*\r\n\r\nhelloworld$/i)
})

test('an answer with more or less than it declared breaks the connection instead of the next answer', async () => {
  for (const body of ['hell', 'hello!']) {
    const whole = Promise.withResolvers<boolean>()
    await using listener = await openTestListener({
      handle(_opening, _body, reply) {
        reply.onClose(whole.resolve)
        reply.head(200, ['content-length', '5'])
        reply.write(Buffer.from(body))
        reply.end()
      },
    })
    const { text } = await exchangeBytes(listener.port, `GET / HTTP/1.1\r\n${host}\r\n`.repeat(2))
    assert.equal(await whole.promise, false)
    assert.doesNotMatch(text, /!/)
  }
})

test('HEAD, 204 and 304 have no body, and only HEAD and 304 may have a length', async () => {
  await using listener = await openTestListener({
    handle(opening, _body, reply) {
      const status = Number(opening.request.path.slice(1))
      reply.send(
        status,
        ['content-length', '7'],
        opening.request.method === 'HEAD' ? undefined : Buffer.alloc(0),
      )
    },
  })
  const ask = async (method: string, status: number) => {
    const { text } = await exchangeBytes(listener.port, `${method} /${status} HTTP/1.1\r\n${closing}\r\n`)
    assert.ok(text.endsWith('\r\n\r\n'), text)
    return /content-length: (\d+)/i.exec(text)?.[1]
  }
  assert.equal(await ask('HEAD', 200), '7')
  assert.equal(await ask('GET', 200), '0')
  assert.equal(await ask('GET', 304), '7')
  assert.equal(await ask('GET', 204), undefined)
})

test('what belongs to the upstream connection does not go on, and what cannot be written is a 502', async () => {
  await using listener = await openTestListener({
    handle(opening, _body, reply) {
      const bad =
        opening.request.path === '/split'
          ? ['x', 'a\r\nset-cookie: b']
          : ['keep-alive', 'x=1', 'upgrade', 'h2c']
      reply.send(200, bad, Buffer.from('body'))
    },
  })
  const split = await exchangeBytes(listener.port, get.replace('/', '/split'))
  assert.deepEqual(statusesOf(split.text), [502])
  assert.doesNotMatch(split.text, /set-cookie/)
  const plain = await exchangeBytes(listener.port, get)
  assert.deepEqual(statusesOf(plain.text), [200])
  assert.doesNotMatch(plain.text, /x=1|h2c/)
})

test('a client that leaves is told to whoever answers it, also behind another request', async () => {
  const closed: string[] = []
  const both = Promise.withResolvers<void>()
  const left = Promise.withResolvers<void>()
  await using listener = await openTestListener({
    handle(opening, _body, reply) {
      reply.onClose((whole) => {
        closed.push(`${opening.request.path} ${whole}`)
        reply.send(200, [], Buffer.from('late'))
        assert.equal(reply.write(Buffer.from('late')), true)
        if (closed.length === 2) left.resolve()
      })
      if (opening.request.path === '/b') both.resolve()
    },
  })
  const socket = connect(listener.port, '127.0.0.1')
  socket.write(`GET /a HTTP/1.1\r\n${host}\r\nGET /b HTTP/1.1\r\n${host}\r\n`)
  await both.promise
  socket.destroy()
  await left.promise
  assert.deepEqual(closed, ['/a false', '/b false'])
})

test('an aborted answer breaks the connection', async () => {
  await using listener = await openTestListener({
    handle(_opening, _body, reply) {
      reply.head(200, [])
      reply.write(Buffer.from('half'))
      setImmediate(() => reply.abort())
    },
  })
  const { text, closed } = await exchangeBytes(listener.port, get)
  assert.ok(closed)
  assert.ok(!text.endsWith('0\r\n\r\n'))
})

test('HTTP/1.0 is answered, and closed unless it asks otherwise', async () => {
  await using listener = await openTestListener()
  const { text, closed } = await exchangeBytes(listener.port, `GET /old HTTP/1.0\r\n${host}\r\n`)
  assert.match(text, /^HTTP\/1\.1 200 OK[^]*GET \/old $/)
  assert.ok(closed)
})

async function readWhole(fields: string, body: Buffer | string, max = 1_000, deadline = 5_000) {
  const outcome = Promise.withResolvers<{ problem: Problem | undefined; bytes: Buffer }>()
  await using listener = await openTestListener({
    // How often deadlines are looked at follows the shortest of these.
    wire: { timeouts: { write: '50ms' } },
    handle(_opening, source, reply) {
      source.readWhole(max, deadline, (problem, bytes) => {
        outcome.resolve({ problem, bytes })
        reply.send(problem?.status ?? 200, [], undefined)
      })
    },
  })
  const head = Buffer.from(`POST / HTTP/1.1\r\n${closing}${fields}\r\n`)
  await exchangeBytes(listener.port, Buffer.concat([head, Buffer.from(body)]))
  return outcome.promise
}

test('a body is read whole, and no further than its bound', async () => {
  assert.equal((await readWhole('Content-Length: 5\r\n', 'hello')).bytes.toString(), 'hello')
  assert.equal(
    (await readWhole('Transfer-Encoding: chunked\r\n', '2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n')).bytes.toString(),
    'hello',
  )
  assert.equal((await readWhole('Content-Length: 5\r\n', 'hello', 4)).problem?.code, 'PAYLOAD_TOO_LARGE')
  assert.equal(
    (await readWhole('Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\n\r\n', 4)).problem?.code,
    'PAYLOAD_TOO_LARGE',
  )
  assert.equal((await readWhole('Content-Length: 5\r\n', 'hel', 1_000, 50)).problem?.code, 'REQUEST_TIMEOUT')
  assert.equal((await readWhole('', '')).bytes.length, 0)
})

test('a coded body is decoded within the same bound, and a bomb, rubbish or an unknown coding is refused', async () => {
  const coded = (bytes: Buffer, coding = 'gzip') =>
    [`Content-Encoding: ${coding}\r\nContent-Length: ${bytes.length}\r\n`, bytes] as const
  assert.equal((await readWhole(...coded(gzipSync('hello')))).bytes.toString(), 'hello')
  assert.equal((await readWhole(...coded(gzipSync('x'.repeat(1_001))))).problem?.code, 'PAYLOAD_TOO_LARGE')
  const bomb = gzipSync(Buffer.alloc(1_000_000))
  assert.equal((await readWhole(...coded(bomb), 10_000_000)).problem?.code, 'PAYLOAD_TOO_LARGE')
  assert.equal((await readWhole(...coded(Buffer.from('rubbish')))).problem?.code, 'MALFORMED_BODY')
  assert.equal((await readWhole(...coded(gzipSync('hello').subarray(0, 15)))).problem?.code, 'MALFORMED_BODY')
  assert.equal((await readWhole(...coded(Buffer.from('x'), 'lzma'))).problem?.code, 'UNSUPPORTED_MEDIA_TYPE')
  assert.equal(
    (await readWhole(...coded(Buffer.from('x'), 'gzip, gzip'))).problem?.code,
    'UNSUPPORTED_MEDIA_TYPE',
  )
})

test('a WebSocket handshake is handed over with its socket, and everything else that asks to switch is a request', async () => {
  const upgrades: string[] = []
  await using listener = await openTestListener({
    onUpgrade(opening, reply, socket, head) {
      upgrades.push(opening.request.path)
      if (opening.request.path === '/no') {
        reply.send(403, ['content-type', 'text/plain'], Buffer.from('no'))
        return
      }
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
      socket.end(`first ${head.toString()}`)
    },
  })
  const ask = (path: string, fields: string, rest = '') =>
    exchangeBytes(
      listener.port,
      `GET ${path} HTTP/1.1\r\n${host}Connection: Upgrade, close\r\n${fields}\r\n${rest}`,
    )
  const taken = await ask('/ws', 'Upgrade: websocket\r\n', 'frames')
  assert.match(taken.text, /^HTTP\/1\.1 101 [^]*first frames$/)
  assert.deepEqual(statusesOf((await ask('/no', 'Upgrade: websocket\r\n')).text), [403])
  assert.deepEqual(statusesOf((await ask('/%2f', 'Upgrade: websocket\r\n')).text), [400])
  assert.deepEqual(upgrades, ['/ws', '/no'])
  for (const fields of [
    'Upgrade: h2c\r\n',
    'Upgrade: websocket, h2c\r\n',
    'Upgrade: websocket\r\nContent-Length: 3\r\n',
  ])
    assert.deepEqual(statusesOf((await ask('/x', fields, 'abc')).text), [200], fields)
  assert.equal(upgrades.length, 2)
  assert.equal(listener.openings.at(-1)?.request.upgrade, 'websocket')
})
