import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { exchangeBytes, openTestListener, statusesOf, type TestListener } from './testing.ts'

let listener: TestListener
before(async () => {
  listener = await openTestListener()
})
after(() => listener[Symbol.asyncDispose]())

const host = 'Host: api.example\r\n'
const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: api.example\r\n\r\n'
const post = (fields: string, body: string) => `POST /first HTTP/1.1\r\n${host}${fields}\r\n${body}`
const chunked = (body: string) => post('Transfer-Encoding: chunked\r\n', body)

/** Each is refused with 400, nothing after it is acted on, and the connection is closed. */
const refused: readonly (readonly [name: string, bytes: string])[] = [
  ['CL.TE', post('Content-Length: 6\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE.CL', post('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', `5c\r\n${smuggled}\r\n0\r\n\r\n`)],
  ['TE.TE with an unknown coding', post('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${smuggled}`)],
  [
    'TE.TE with two fields',
    post('Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n', `0\r\n\r\n${smuggled}`),
  ],
  [
    'TE.TE with two chunked fields',
    post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${smuggled}`),
  ],
  ['TE.TE with identity first', post('Transfer-Encoding: identity, chunked\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE.TE with chunked first', post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE.TE with chunked twice', post('Transfer-Encoding: chunked, chunked\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE with gzip', post('Transfer-Encoding: gzip, chunked\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE with an empty value', post('Transfer-Encoding:\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE with a comma', post('Transfer-Encoding: chunked,\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE with a parameter', post('Transfer-Encoding: chunked;a=b\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE with quotes', post('Transfer-Encoding: "chunked"\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE with a vertical tab', post('Transfer-Encoding:\x0bchunked\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE with a NUL', post('Transfer-Encoding: chunked\0\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE with a bare CR', post('Transfer-Encoding: chunked\r \r\n', `0\r\n\r\n${smuggled}`)],
  ['TE folded', post('Transfer-Encoding:\r\n chunked\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE with space before the colon', post('Transfer-Encoding : chunked\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE with a tab before the colon', post('Transfer-Encoding\t: chunked\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE after a leading space', `POST / HTTP/1.1\r\n${host} Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['TE after a bare LF', post('X: y\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE after a bare CR', post('X: y\rTransfer-Encoding: chunked\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE with a name ending in a control', post('Transfer-Encoding\x01: chunked\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE with a non-breaking space', post('Transfer-Encoding:\xa0chunked\r\n', `0\r\n\r\n${smuggled}`)],
  ['TE in HTTP/1.0', `POST / HTTP/1.0\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['two different lengths', post('Content-Length: 0\r\nContent-Length: 46\r\n', smuggled)],
  ['the same length twice', post('Content-Length: 5\r\nContent-Length: 5\r\n', 'hello')],
  ['a list of lengths', post('Content-Length: 5, 5\r\n', 'hello')],
  ['a signed length', post('Content-Length: +5\r\n', 'hello')],
  ['a negative length', post('Content-Length: -5\r\n', 'hello')],
  ['a hexadecimal length', post('Content-Length: 0x5\r\n', 'hello')],
  ['a length with a fraction', post('Content-Length: 5.0\r\n', 'hello')],
  ['a length with a space in it', post('Content-Length: 1 0\r\n', 'hello')],
  ['an empty length', post('Content-Length:\r\n', 'hello')],
  ['a length beyond 64 bits', post('Content-Length: 99999999999999999999999\r\n', 'hello')],
  ['a length beyond 15 digits', post('Content-Length: 1000000000000000\r\n', 'hello')],
  ['a length in words', post('Content-Length: five\r\n', 'hello')],
  ['a length with an underscore', post('Content-Length: 1_0\r\n', 'hello')],
  ['a length folded', post('Content-Length:\r\n 5\r\n', 'hello')],
  ['a length with space before the colon', post('Content-Length : 5\r\n', 'hello')],
  ['a chunk size with 0x', chunked('0x5\r\nhello\r\n0\r\n\r\n')],
  ['a negative chunk size', chunked('-5\r\nhello\r\n0\r\n\r\n')],
  ['a signed chunk size', chunked('+5\r\nhello\r\n0\r\n\r\n')],
  ['a chunk size beyond 64 bits', chunked('fffffffffffffffff\r\nhello\r\n0\r\n\r\n')],
  ['a chunk size that wraps to 5', chunked('10000000000000005\r\nhello\r\n0\r\n\r\n')],
  ['a chunk size with a space', chunked('5 \r\nhello\r\n0\r\n\r\n')],
  ['a chunk size with an underscore', chunked('1_0\r\nhello\r\n0\r\n\r\n')],
  ['an empty chunk size', chunked('\r\nhello\r\n0\r\n\r\n')],
  ['a chunk line ended by LF', chunked('5\nhello\r\n0\r\n\r\n')],
  ['a chunk ended by LF', chunked('5\r\nhello\n0\r\n\r\n')],
  ['a chunk ended by CR', chunked('5\r\nhello\r0\r\n\r\n')],
  ['a chunk ended by two other bytes', chunked('5\r\nhelloXX0\r\n\r\n')],
  ['a chunk longer than its size', chunked('3\r\nhello\r\n0\r\n\r\n')],
  ['a chunk extension ended by LF', chunked(`5;a\nhello\r\n0\r\n\r\n`)],
  ['a chunk extension with a bare CR', chunked(`5;a\rb\r\nhello\r\n0\r\n\r\n`)],
  ['a last chunk ended by LF', chunked('5\r\nhello\r\n0\n\n')],
  ['a trailer ended by LF', chunked('0\r\nX: y\n\r\n')],
  ['a folded trailer', chunked('0\r\nX: y\r\n z\r\n\r\n')],
  ['a length in a trailer', chunked('0\r\nContent-Length: 3\r\n\r\n')],
  ['a request line ended by LF', `GET / HTTP/1.1\n${host}\r\n`],
  ['a header ended by LF', 'GET / HTTP/1.1\r\nHost: api.example\n\r\n'],
  ['a head ended by LF LF', 'GET / HTTP/1.1\nHost: api.example\n\n'],
  ['a NUL in a value', `GET / HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`],
  ['a control in a value', `GET / HTTP/1.1\r\n${host}X: a\x01b\r\n\r\n`],
  ['a DEL in a value', `GET / HTTP/1.1\r\n${host}X: a\x7fb\r\n\r\n`],
  ['a bare CR in a value', `GET / HTTP/1.1\r\n${host}X: a\rb\r\n\r\n`],
  ['a folded value', `GET / HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n`],
  ['a space in a name', `GET / HTTP/1.1\r\n${host}X Y: a\r\n\r\n`],
  ['a name without a colon', `GET / HTTP/1.1\r\n${host}X\r\n\r\n`],
  ['an empty name', `GET / HTTP/1.1\r\n${host}: a\r\n\r\n`],
  ['a name outside ASCII', `GET / HTTP/1.1\r\n${host}X\xe9: a\r\n\r\n`],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
  ['two Hosts', `GET / HTTP/1.1\r\n${host}${host}\r\n`],
  ['two different Hosts', `GET / HTTP/1.1\r\n${host}Host: evil.example\r\n\r\n`],
  ['a Host with a space before the colon', 'GET / HTTP/1.1\r\nHost : api.example\r\n\r\n'],
  ['a Host with user information', 'GET / HTTP/1.1\r\nHost: a@b\r\n\r\n'],
  ['an absolute target', `GET http://api.example/ HTTP/1.1\r\n${host}\r\n`],
  ['an absolute target for another host', `GET http://evil.example/ HTTP/1.1\r\n${host}\r\n`],
  ['an asterisk target', `OPTIONS * HTTP/1.1\r\n${host}\r\n`],
  ['a target without a slash', `GET smuggled HTTP/1.1\r\n${host}\r\n`],
  ['a target with a fragment', `GET /#a HTTP/1.1\r\n${host}\r\n`],
  ['a target with a tab', `GET /a\tb HTTP/1.1\r\n${host}\r\n`],
  ['a target outside ASCII', `GET /\xc3\xa9 HTTP/1.1\r\n${host}\r\n`],
  ['an encoded slash', `GET /a%2fb HTTP/1.1\r\n${host}\r\n`],
  ['encoded dots', `GET /a/%2e%2e/b HTTP/1.1\r\n${host}\r\n`],
  ['HTTP/0.9', 'GET /\r\n\r\n'],
  ['HTTP/1.2', `GET / HTTP/1.2\r\n${host}\r\n`],
  ['HTTP/2.0 in clear', `GET / HTTP/2.0\r\n${host}\r\n`],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a version in lower case', `GET / http/1.1\r\n${host}\r\n`],
  ['a space after the version', `GET / HTTP/1.1 \r\n${host}\r\n`],
  ['an unknown method', `FOO / HTTP/1.1\r\n${host}\r\n`],
  ['a method in lower case', `get / HTTP/1.1\r\n${host}\r\n`],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['bytes that are no HTTP', '\x00\x01\x02\x03\r\n\r\n'],
]

describe('refuses', { concurrency: 16 }, () => {
  for (const [name, bytes] of refused) {
    test(`${name} with 400 and closes`, async () => {
      const before = listener.bodies.length
      const { text, closed } = await exchangeBytes(listener.port, bytes)
      assert.deepEqual(statusesOf(text), [400], text)
      assert.ok(closed, 'the connection was left open')
      assert.ok(listener.bodies.length === before, 'the handler got a body of a refused message')
      assert.match(text, /content-type: application\/problem\+json/i)
      assert.match(text, /connection: close/i)
    })
  }
})

test('a body is read to its length, and what follows is the next message or refused', async () => {
  const seen = listener.bodies.length
  const { text, closed } = await exchangeBytes(
    listener.port,
    post('Content-Length: 5\r\n', 'helloGARBAGE / x\r\n\r\n'),
  )
  assert.deepEqual(statusesOf(text), [200, 400])
  assert.ok(closed)
  assert.deepEqual(listener.bodies.slice(seen), ['hello'])
})

test('CL.0: the body of a request that needs none is not read as the next request', async () => {
  const seen = listener.bodies.length
  const bytes = `GET /first HTTP/1.1\r\n${host}Content-Length: ${smuggled.length}\r\nConnection: close\r\n\r\n${smuggled}`
  const { text } = await exchangeBytes(listener.port, bytes)
  assert.deepEqual(statusesOf(text), [200])
  assert.deepEqual(listener.bodies.slice(seen), [smuggled])
})

test('a chunked body is joined, and its extensions and trailers are dropped', async () => {
  const seen = listener.bodies.length
  const bytes = post(
    'Transfer-Encoding: chunked\r\nConnection: close\r\n',
    '3;ext=1\r\nhel\r\n2\r\nlo\r\n0\r\nX-Admin: yes\r\n\r\n',
  )
  const { text } = await exchangeBytes(listener.port, bytes)
  assert.deepEqual(statusesOf(text), [200])
  assert.deepEqual(listener.bodies.slice(seen), ['hello'])
  assert.equal(listener.openings.at(-1)?.request.headers.has('x-admin'), false)
})

test('pipelined requests are answered in order', async () => {
  const get = (path: string, last = '') => `GET ${path} HTTP/1.1\r\n${host}${last}\r\n`
  const { text } = await exchangeBytes(
    listener.port,
    get('/a') + get('/b') + get('/c', 'Connection: close\r\n'),
  )
  assert.deepEqual(
    [...text.matchAll(/GET (\/\w)/g)].map((match) => match[1]),
    ['/a', '/b', '/c'],
  )
})

test('whole requests before a broken one are answered, and then the broken one', async () => {
  const { text, closed } = await exchangeBytes(
    listener.port,
    `GET /a HTTP/1.1\r\n${host}\r\nGET /b HTTP/1.1\r\nX Y\r\n\r\n`,
  )
  assert.deepEqual(statusesOf(text), [200, 400])
  assert.ok(closed)
})

test('nothing after a refused message is acted on', async () => {
  const seen = listener.openings.length
  const { text } = await exchangeBytes(listener.port, `GET //a HTTP/1.1\r\n${host}\r\n${smuggled}${smuggled}`)
  assert.deepEqual(statusesOf(text), [400])
  assert.equal(listener.openings.length, seen + 1)
})

test('a header section beyond the limit is refused with 431', async () => {
  const { text, closed } = await exchangeBytes(
    listener.port,
    `GET / HTTP/1.1\r\n${host}X: ${'a'.repeat(20_000)}\r\n\r\n`,
  )
  assert.deepEqual(statusesOf(text), [431])
  assert.ok(closed)
})

test('more header lines than allowed are refused with 431, not dropped', async () => {
  const { text } = await exchangeBytes(
    listener.port,
    `GET / HTTP/1.1\r\n${host}${'X: y\r\n'.repeat(200)}\r\n`,
  )
  assert.deepEqual(statusesOf(text), [431])
})

test('trailers beyond the limit are refused', async () => {
  const { text } = await exchangeBytes(listener.port, chunked(`0\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`))
  assert.deepEqual(statusesOf(text), [431])
})

test('a chunk extension without end is refused', async () => {
  const { text, closed } = await exchangeBytes(
    listener.port,
    chunked(`5;${'a'.repeat(40_000)}\r\nhello\r\n0\r\n\r\n`),
  )
  assert.deepEqual(statusesOf(text), [400])
  assert.ok(closed)
})

test('CONNECT and TRACE are refused with 405', async () => {
  const connect = await exchangeBytes(listener.port, `CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n`)
  assert.deepEqual(statusesOf(connect.text), [405])
  const trace = await exchangeBytes(listener.port, `TRACE / HTTP/1.1\r\n${host}\r\n`)
  assert.deepEqual(statusesOf(trace.text), [405])
})

test('an unknown expectation is refused with 417', async () => {
  const { text } = await exchangeBytes(
    listener.port,
    post('Expect: 200-ok\r\nContent-Length: 5\r\n', 'hello'),
  )
  assert.deepEqual(statusesOf(text), [417])
})

test('100 Continue is sent when the body is read, and not to a message that is refused', async () => {
  const expecting = 'Expect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n'
  const taken = await exchangeBytes(listener.port, post(expecting, 'hello'))
  assert.deepEqual(statusesOf(taken.text), [100, 200])
  const refusal = await exchangeBytes(listener.port, `POST //a HTTP/1.1\r\n${host}${expecting}\r\n`)
  assert.deepEqual(statusesOf(refusal.text), [400])
})
