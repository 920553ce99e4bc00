import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openRawService, openUpstream, send } from './testing.ts'

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
