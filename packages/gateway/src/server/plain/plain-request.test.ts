import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readPlainRequest } from './plain-request.ts'

const host = 'Host: api.example\r\n'

test('an ordinary request is read whole, with its fields in lower case and without the blanks around their values', () => {
  const text = `POST /a/b?c=%20d HTTP/1.1\r\n${host}X-Some:\t a b \t\r\nEmpty:\r\nContent-Length: 5\r\n\r\nhello`
  const request = readPlainRequest(Buffer.from(text), undefined)
  assert.ok(request !== undefined)
  const { method, target, fields, body } = request
  assert.deepEqual([method, target, body.toString()], ['POST', '/a/b?c=%20d', 'hello'])
  const expected = ['host', 'api.example', 'x-some', 'a b', 'empty', '', 'content-length', '5']
  assert.deepEqual(fields.flat, expected)
})

test('fields that come again are not read again', () => {
  const bytes = Buffer.from(`GET /a HTTP/1.1\r\n${host}Accept: */*\r\n\r\n`)
  const first = readPlainRequest(bytes, undefined)
  assert.equal(readPlainRequest(Buffer.from(bytes), first?.fields)?.fields, first?.fields)
  const other = Buffer.from(`GET /a HTTP/1.1\r\n${host}Accept: */+\r\n\r\n`)
  assert.notEqual(readPlainRequest(other, first?.fields)?.fields, first?.fields)
})

const unusual: readonly string[] = [
  '',
  'GET / HTTP/1.1\r\n',
  `GET / HTTP/1.1\r\n${host}`,
  `GET / HTTP/1.0\r\n${host}\r\n`,
  `GET / HTTP/1.1 \r\n${host}\r\n`,
  `GET  / HTTP/1.1\r\n${host}\r\n`,
  `GET\t/ HTTP/1.1\r\n${host}\r\n`,
  ` GET / HTTP/1.1\r\n${host}\r\n`,
  `\r\nGET / HTTP/1.1\r\n${host}\r\n`,
  `get / HTTP/1.1\r\n${host}\r\n`,
  `TRACE / HTTP/1.1\r\n${host}\r\n`,
  `CONNECT a:1 HTTP/1.1\r\n${host}\r\n`,
  `GET http://api.example/ HTTP/1.1\r\n${host}\r\n`,
  `OPTIONS * HTTP/1.1\r\n${host}\r\n`,
  `GET /\\ HTTP/1.1\r\n${host}\r\n`,
  `GET /#a HTTP/1.1\r\n${host}\r\n`,
  `GET /\xe4 HTTP/1.1\r\n${host}\r\n`,
  `GET /\nX: y HTTP/1.1\r\n${host}\r\n`,
  `GET / HTTP/1.1\n${host}\r\n`,
  `GET / HTTP/1.1\r\n${host}A: b\nC: d\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host}A: b\rC: d\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host}A : b\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host} folded: b\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host}A: b\0\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host}: b\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host}no colon\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host}Connection: keep-alive, x\r\n\r\n`,
  `GET / HTTP/1.1\r\n${host}Upgrade: h2c\r\n\r\n`,
  `POST / HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 1\r\n\r\na`,
  `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`,
  ...['+1', '-1', '01', '1,1', '0x1', '1e0', '1 1', '', '100000'].map(
    (length) => `POST / HTTP/1.1\r\n${host}Content-Length: ${length}\r\n\r\na`,
  ),
  `POST / HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\na`,
  `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\n\r\nab`,
  `POST / HTTP/1.1\r\n${host}\r\na`,
  `GET / HTTP/1.1\r\n${host}\r\nGET / HTTP/1.1\r\n${host}\r\n`,
]

for (const text of unusual)
  test(`${JSON.stringify(text.slice(0, 90))} is left to the general parser`, () =>
    assert.equal(readPlainRequest(Buffer.from(text, 'latin1'), undefined), undefined))

const crumb = fc.constantFrom(
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  ',',
  '\x80',
  '\xff',
  '/',
  '%',
  '?',
  '#',
  '"',
  '{',
  '0',
  '1',
  'A: b\r\n',
  'Content-Length: 1\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Connection: keep-alive\r\n',
  'Host: b\r\n',
  'HTTP/1.1',
)
const base = fc.constantFrom(
  `GET /a?b=c HTTP/1.1\r\n${host}Accept: */*\r\n\r\n`,
  `POST /a HTTP/1.1\r\n${host}Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello`,
  `DELETE /a/%2F/b HTTP/1.1\r\n${host}Cookie: a=b; c=d\r\nCookie: e\r\n\r\n`,
)
const mutations = fc.array(fc.tuple(fc.nat(200), fc.nat(2), crumb), { maxLength: 3 })

test('what is taken here, Node reads as the same one request, whatever was changed in it', async () => {
  const heard: unknown[] = []
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')))
    request.on('end', () => {
      heard.push([request.method, request.url, toLowerNames(request.rawHeaders), body])
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  let taken = 0
  await fc.assert(
    fc.asyncProperty(base, mutations, async (text, changes) => {
      const bytes = Buffer.from(changes.reduce(change, text), 'latin1')
      const request = readPlainRequest(bytes, undefined)
      if (request === undefined) return
      taken++
      heard.length = 0
      const socket = connect(port, '127.0.0.1')
      socket.write(bytes)
      const [answer] = (await once(socket, 'data')) as [Buffer]
      socket.destroy()
      assert.match(answer.toString('latin1'), /^HTTP\/1\.1 200 /)
      const { method, target, fields, body } = request
      assert.deepEqual(heard, [[method, target, fields.flat, body.toString('latin1')]])
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 1) * 1_500 },
  )
  server.close()
  assert.ok(taken > 100, `${taken} were taken`)
})

function change(text: string, [place, remove, insert]: [number, number, string]): string {
  const start = place % (text.length + 1)
  return text.slice(0, start) + insert + text.slice(start + remove)
}

function toLowerNames(rawHeaders: readonly string[]): string[] {
  return rawHeaders.map((text, index) => (index % 2 === 0 ? text.toLowerCase() : text))
}
