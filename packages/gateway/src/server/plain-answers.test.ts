import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import * as fc from 'fast-check'
import { collect, exchangeBytes, openTestListener, statusesOf } from './testing.ts'

const host = 'Host: api.example\r\n'
const get = `GET / HTTP/1.1\r\n${host}\r\n`
const last = `GET /last HTTP/1.1\r\n${host}Connection: close\r\n\r\n`

test('answers of every size go out byte for byte on a connection that goes on', async () => {
  const every = Buffer.from(Array.from({ length: 256 }, (_, code) => code))
  const bodies = [0, 1, 255, 16_384, 16_385, 65_536, 65_537, 300_000].map((size) => Buffer.alloc(size, every))
  await using listener = await openTestListener({
    handle(opening, _body, reply) {
      const body = bodies[Number(opening.request.path.slice(1))]
      if (opening.request.query === '') reply.send(200, [], body)
      else {
        reply.head(200, ['content-length', `${body?.length}`])
        reply.write(body ?? Buffer.alloc(0))
        reply.end()
      }
    },
  })
  for (const query of ['', '?flowing']) {
    for (const [index, body] of bodies.entries()) {
      const ask = `GET /${index}${query} HTTP/1.1\r\n${host}\r\n`
      const { text } = await exchangeBytes(listener.port, ask + ask + last.replace('/last', `/${index}`))
      const answers = text.split(/HTTP\/1\.1 200 OK\r\n(?:[^\r\n]+\r\n)+\r\n/)
      assert.equal(answers.length, 4)
      for (const answer of answers.slice(1)) assert.ok(Buffer.from(answer, 'latin1').equals(body))
    }
  }
})

test('pipelined requests are answered in their order, however late each answer is ready', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.boolean()), { minLength: 1, maxLength: 7 }),
      async (turns) => {
        await using listener = await openTestListener({
          handle(opening, _body, reply) {
            const index = opening.request.path.slice(1)
            const [delay, flows] = turns[Number(index)] ?? [0, false]
            const answer = (): void => {
              if (flows) reply.head(200, ['content-length', `${index.length + 2}`])
              if (flows) reply.write(Buffer.from(`<${index}>`))
              else reply.send(200, [], Buffer.from(`<${index}>`))
            }
            if (delay === 0) answer()
            else setTimeout(answer, delay)
          },
        })
        const requests = turns.map((_, index) => `GET /${index} HTTP/1.1\r\n${host}\r\n`).join('')
        const { text } = await exchangeBytes(listener.port, requests + last)
        const expected = [...turns.keys(), 'last'].map((index) => `<${index}>`)
        assert.deepEqual(text.match(/<\w+>/g), expected)
      },
    ),
    { numRuns: 40 },
  )
})

test('requests cut at every byte get the same answers', async () => {
  await using listener = await openTestListener()
  const post = `POST /p HTTP/1.1\r\n${host}Content-Length: 5\r\n\r\nhello`
  const bytes = post + get + last
  for (let place = 1; place < bytes.length; place += 7) {
    const socket = connect({ port: listener.port, host: '127.0.0.1', noDelay: true })
    const answered = collect(socket, 3_000)
    socket.write(bytes.slice(0, place))
    await sleep(1)
    socket.write(bytes.slice(place))
    const { text } = await answered
    assert.match(text, /POST \/p hello[^]*GET \/ [^]*GET \/last $/)
  }
})

test('a kept connection says how long it is kept, the time, and its framing once', async () => {
  await using listener = await openTestListener({
    handle(opening, _body, reply) {
      const date = opening.request.query === '' ? [] : ['date', 'Thu, 01 Jan 1970 00:00:00 GMT']
      reply.send(200, ['content-length', '99', 'transfer-encoding', 'chunked', ...date], Buffer.from('ab'))
    },
  })
  for (const ask of [get, get.replace('/', '/?own')]) {
    const { text } = await exchangeBytes(listener.port, ask, 100)
    assert.equal(text.match(/\r\ndate: /gi)?.length, 1)
    assert.equal(text.includes('1970'), ask.includes('own'))
    assert.match(text, /\r\ncontent-length: 2\r\n/)
    assert.match(text, /\r\nconnection: keep-alive\r\nkeep-alive: timeout=\d+\r\n\r\nab$/)
    assert.doesNotMatch(text, /99|chunked/)
  }
})

test('nothing that cannot be a field is written as one', async () => {
  const fields: readonly (readonly [string, string])[] = [
    ['x', 'a\r\nset-cookie: b'],
    ['x', 'a\nset-cookie: b'],
    ['x', 'a\0b'],
    ['x', 'a\u0100b'],
    ['x\r\nset-cookie', 'b'],
    ['x y', 'b'],
    ['', 'b'],
  ]
  for (const [name, value] of fields) {
    for (const flows of [false, true]) {
      await using listener = await openTestListener({
        handle(_opening, _body, reply) {
          if (flows) reply.head(200, ['content-length', '2', name, value])
          if (flows) reply.write(Buffer.from('ok'))
          else reply.send(200, [name, value], Buffer.from('ok'))
        },
      })
      const { text } = await exchangeBytes(listener.port, get, 300)
      assert.deepEqual(statusesOf(text), [502])
      assert.doesNotMatch(text, /set-cookie/)
    }
  }
})

test('an answer that flows and ends short, or goes on too long, breaks the connection', async () => {
  for (const parts of [[], ['hell'], ['hello!'], ['hel', 'lo!'], ['h', 'ell']]) {
    const whole = Promise.withResolvers<boolean>()
    await using listener = await openTestListener({
      handle(_opening, _body, reply) {
        reply.onClose(whole.resolve)
        reply.head(200, ['content-length', '5'])
        for (const part of parts) reply.write(Buffer.from(part))
        reply.end()
      },
    })
    const { text, closed } = await exchangeBytes(listener.port, get + get)
    assert.equal(closed, true)
    assert.equal(await whole.promise, false)
    assert.doesNotMatch(text, /!|hello$/)
    assert.ok(statusesOf(text).length <= 1)
  }
})

test('a client that leaves before its answer is told as not whole, and one that got it as whole', async () => {
  const outcomes: boolean[] = []
  const answers: (() => void)[] = []
  await using listener = await openTestListener({
    handle(_opening, _body, reply) {
      reply.onClose((whole) => outcomes.push(whole))
      answers.push(() => reply.send(200, [], Buffer.from('ok')))
    },
  })
  const gone = connect(listener.port, '127.0.0.1')
  gone.on('error', () => {})
  gone.write(get)
  while (answers.length < 1) await sleep(1)
  gone.resetAndDestroy()
  while (outcomes.length < 1) await sleep(1)
  answers[0]?.()
  const staying = exchangeBytes(listener.port, get, 100)
  while (answers.length < 2) await sleep(1)
  answers[1]?.()
  await staying
  assert.deepEqual(outcomes, [false, true])
})

test('an idle connection is closed after its time, one that speaks goes on, and one that left HTTP is left alone', async () => {
  await using listener = await openTestListener({
    wire: { timeouts: { keepAlive: '60ms' } },
    onUpgrade: (_opening, _reply, socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
  })
  const idle = exchangeBytes(listener.port, get, 5_000)
  const upgrade = `GET / HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`
  const tunnel = exchangeBytes(listener.port, upgrade, 600)
  const busy = connect(listener.port, '127.0.0.1')
  const heard = collect(busy, 5_000)
  for (let turn = 0; turn < 12; turn++) {
    busy.write(get)
    await sleep(25)
  }
  assert.equal((await idle).closed, true)
  assert.equal((await tunnel).closed, false)
  busy.end()
  assert.equal(statusesOf((await heard).text).length, 12)
})
