import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { openRawService } from '../testing.ts'
import { cutAt, readPieces, type Reading } from './testing.ts'

const sized = 'HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 5\r\n\r\nhello'
const chunked =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3;x="y"\r\nabc\r\n00A\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n'
const open = 'HTTP/1.1 200\r\nX:\r\n\r\nabc'
const hinted = `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 102\r\n\r\n${sized}`

const answers: readonly (readonly [string, string, Partial<Reading>])[] = [
  [
    'a length',
    sized,
    { statuses: [200], fields: ['a', 'b', 'content-length', '5'], body: 'hello', ends: 1, surplus: false },
  ],
  ['chunks', chunked, { body: 'abc0123456789', ends: 1, surplus: false }],
  ['the end of the connection', open, { statuses: [200], fields: ['x', ''], body: 'abc', ends: 1 }],
  ['hints before it', hinted, { statuses: [200], body: 'hello', ends: 1 }],
  ['no body', 'HTTP/1.1 204 \r\n\r\n', { statuses: [204], body: '', ends: 1 }],
  ['a 304 that tells a length', 'HTTP/1.1 304 X\r\nContent-Length: 7\r\n\r\n', { body: '', ends: 1 }],
  ['a length of nothing', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', { body: '', ends: 1 }],
  ['blanks around a value', 'HTTP/1.1 204 x\r\nA: \t b c\t \r\n\r\n', { fields: ['a', 'b c'], ends: 1 }],
]

for (const [what, text, expected] of answers) {
  test(`an answer with ${what} reads the same cut at every byte, and cut into bytes`, () => {
    const bytes = Buffer.from(text, 'latin1')
    const pieces: Buffer[][] = [[bytes], Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))]
    for (let place = 1; place < bytes.length; place++) pieces.push(cutAt(bytes, [place]))
    for (const cut of pieces) {
      for (const pausing of [false, true]) {
        const reading = readPieces(cut, { finish: true, pausing })
        assert.equal(reading.flaw, undefined)
        assert.deepEqual({ ...reading, ...expected }, reading)
      }
    }
  })
}

test('HEAD has no body, whatever its answer says', () => {
  for (const framing of ['Content-Length: 5', 'Transfer-Encoding: chunked', 'X: y']) {
    const bytes = Buffer.from(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n`)
    const reading = readPieces([bytes], { bodiless: true })
    assert.deepEqual([reading.ends, reading.surplus, reading.body], [1, false, ''])
    // A body that comes all the same is what nobody asked for.
    assert.equal(readPieces([Buffer.concat([bytes, Buffer.from('hello')])], { bodiless: true }).surplus, true)
  }
})

test('bytes after an answer are told with its end', () => {
  for (const text of [
    sized,
    chunked,
    'HTTP/1.1 204 No\r\n\r\n',
    'HTTP/1.1 304 No\r\nContent-Length: 1\r\n\r\n',
  ])
    assert.equal(readPieces([Buffer.from(`${text}H`)]).surplus, true, text)
})

const head = 'HTTP/1.1 200 OK\r\n'
const inChunks = `${head}Transfer-Encoding: chunked\r\n\r\n`
const flawed: readonly string[] = [
  'HTTP/2 200 OK\r\n\r\n',
  'HTTP/1.2 200 OK\r\n\r\n',
  'http/1.1 200 OK\r\n\r\n',
  'HTTP/1.1  200 OK\r\n\r\n',
  'HTTP/1.1 2000\r\n\r\n',
  'HTTP/1.1 +20 OK\r\n\r\n',
  'HTTP/1.1 200 O\0K\r\n\r\n',
  'HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n',
  '\r\nHTTP/1.1 200 OK\r\n\r\n',
  `${head} A: b\r\n\r\n`,
  `${head}A: b\r\n\tc\r\n\r\n`,
  `${head}A: b\nB: c\r\n\r\n`,
  `${head}A: b\rB: c\r\n\r\n`,
  `${head}: b\r\n\r\n`,
  `${head}A\u00e9: b\r\n\r\n`,
  `${head}Content-Length: 5, 5\r\n\r\nhello`,
  `${head}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
  `${head}Content-Length: +5\r\n\r\nhello`,
  `${head}Content-Length: 0x5\r\n\r\nhello`,
  `${head}Content-Length: 5 \r\nContent-length: 6\r\n\r\nhello`,
  `${head}Content-Length: 9999999999999999\r\n\r\n`,
  `${head}Content-Length:\r\n\r\n`,
  `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  `${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
  'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  `${inChunks}3\nabc\r\n0\r\n\r\n`,
  `${inChunks}3\r\nabc\n0\r\n\r\n`,
  `${inChunks} 3\r\nabc\r\n0\r\n\r\n`,
  `${inChunks}-3\r\nabc\r\n0\r\n\r\n`,
  `${inChunks}3 3\r\nabc\r\n0\r\n\r\n`,
  `${inChunks}\r\nabc\r\n0\r\n\r\n`,
  `${inChunks}3\r\nabcd\r\n0\r\n\r\n`,
  `${inChunks}00000000000003\r\nabc\r\n0\r\n\r\n`,
  `${inChunks}3;${'x'.repeat(5_000)}\r\nabc\r\n0\r\n\r\n`,
  `${inChunks}0\r\nno colon\r\n\r\n`,
  `${inChunks}0\r\nA: b\nC: d\r\n\r\n`,
  `${inChunks}0\r\n${'X-T: 1234567890\r\n'.repeat(1_000)}\r\n`,
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n',
  `${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(20)}${sized}`,
  `${head}${'X-A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n'.repeat(3_000)}\r\n`,
]

for (const text of flawed) {
  test(`${JSON.stringify(text.slice(0, 70))} is a flaw, in one piece and in bytes`, () => {
    const bytes = Buffer.from(text, 'latin1')
    const whole = readPieces([bytes])
    assert.ok(whole.flaw !== undefined && whole.ends === 0)
    const pieces = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))
    assert.equal(readPieces(pieces).flaw, whole.flaw)
  })
}

test('an answer that is cut anywhere never ends, unless the end of the connection is its end', () => {
  for (const text of [sized, chunked, hinted]) {
    const bytes = Buffer.from(text, 'latin1')
    for (let place = 1; place < bytes.length; place++) {
      const reading = readPieces([bytes.subarray(0, place)], { finish: true })
      assert.equal(reading.ends, 0)
      assert.ok(reading.flaw !== undefined)
    }
  }
})

const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/).map((name) => `X-${name}`)
const value = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/)
const body = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))

/** Well-formed answers with the body that they have. */
const answer = fc
  .record({
    status: fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304),
    fields: fc.array(fc.tuple(token, value), { maxLength: 6 }),
    body,
    framing: fc.constantFrom('length', 'chunks'),
    sizes: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
  })
  .map(({ status, fields, body, framing, sizes }) => {
    const lines = fields.map(([name, text]) => `${name}: ${text}\r\n`).join('')
    const length = framing === 'length' ? `Content-Length: ${body.length}` : 'Transfer-Encoding: chunked'
    const head = Buffer.from(`HTTP/1.1 ${status} X\r\n${lines}${length}\r\n\r\n`, 'latin1')
    const rest = framing === 'length' ? body : toChunks(body, sizes)
    return { status, body: body.toString('latin1'), bytes: Buffer.concat([head, rest]) }
  })

function toChunks(body: Buffer, sizes: readonly number[]): Buffer {
  const parts: Buffer[] = []
  for (let start = 0, turn = 0; start < body.length; turn++) {
    const part = body.subarray(start, start + (sizes[turn % sizes.length] ?? 1))
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'))
    start += part.length
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')])
}

test('however an answer is cut, and however often its reader waits, it says the same', () => {
  fc.assert(
    fc.property(answer, fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), (made, places, pausing) => {
      const reading = readPieces(cutAt(made.bytes, places), { pausing })
      assert.deepEqual(
        [reading.flaw, reading.ends, reading.surplus, reading.statuses, reading.body],
        [undefined, 1, false, [made.status], made.body],
      )
    }),
    { numRuns: 500 },
  )
})

test('bytes of any kind make it say something or wait, never throw, and cutting changes nothing', () => {
  const pieces = fc.constantFrom(
    'HTTP/1.1 200 OK',
    'HTTP/1.0 200',
    '\r\n',
    '\n',
    '\r',
    ':',
    ' ',
    'Content-Length: 3',
    'Transfer-Encoding: chunked',
    'Connection: close',
    'A: b',
    '3',
    '0',
    'abc',
    ';',
    '\0',
    'HTTP/1.1 103 X\r\n\r\n',
  )
  const soup = fc.array(fc.oneof({ weight: 9, arbitrary: pieces }, fc.string({ maxLength: 5 })), {
    maxLength: 25,
  })
  fc.assert(
    fc.property(soup, fc.array(fc.nat(), { maxLength: 8 }), (parts, places) => {
      const bytes = Buffer.from(parts.join(''), 'latin1')
      const whole = readPieces([bytes], { finish: true })
      const cut = readPieces(cutAt(bytes, places), { finish: true })
      assert.deepEqual({ ...cut, surplus: false }, { ...whole, surplus: false, flaw: cut.flaw })
      assert.equal(cut.flaw === undefined || whole.surplus, whole.flaw === undefined || whole.surplus)
    }),
    { numRuns: 2_000 },
  )
})

test('what it takes for a whole answer, Node’s own client takes for the same one', async () => {
  let bytes = Buffer.alloc(0)
  await using service = await openRawService((socket) => {
    socket.once('data', () => socket.end(bytes))
  })
  const flip = fc.option(
    fc.tuple(fc.nat(), fc.constantFrom('\r', '\n', '\0', ' ', ':', ';', ',', '0', 'a', 'Z', '\t')),
    { nil: undefined },
  )
  await fc.assert(
    fc.asyncProperty(answer, flip, async (made, change) => {
      bytes = Buffer.from(made.bytes)
      if (change !== undefined) bytes[change[0] % bytes.length] = change[1].charCodeAt(0)
      const ours = readPieces([bytes], { finish: true })
      if (ours.flaw !== undefined || ours.ends !== 1 || ours.surplus) return
      const theirs = await askNode(service.port)
      assert.deepEqual(theirs, { status: ours.statuses[0], body: ours.body })
    }),
    { numRuns: 300 },
  )
})

async function askNode(port: number): Promise<{ status: number | undefined; body: string }> {
  const asked = request({ port, host: '127.0.0.1', agent: false }).end()
  const [incoming] = (await once(asked, 'response')) as [import('node:http').IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return { status: incoming.statusCode, body: Buffer.concat(chunks).toString('latin1') }
}
