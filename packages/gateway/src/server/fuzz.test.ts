import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { exchangeBytes, openTestListener, statusesOf } from './testing.ts'

const crumbs = fc.constantFrom(
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '\x0b',
  '\x80',
  '\xff',
  '0',
  '5',
  'f',
  '-',
  '+',
  '%00',
  '/',
  '..',
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'Host: b\r\n',
  'Expect: 100-continue\r\n',
  'Upgrade: websocket\r\nConnection: upgrade\r\n',
  'Connection: close\r\n',
  '0\r\n\r\n',
  'HTTP/1.0',
  'HTTP/2.0',
  'CONNECT ',
  'HEAD ',
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
)

const whole = fc.constantFrom(
  'GET /a HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
  'POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n',
  'OPTIONS /a HTTP/1.1\r\nHost: a\r\nOrigin: https://a\r\n\r\n',
)

/** A place in the text, whether it is removed there, and what is put in its place. */
const mutation = fc.record({
  place: fc.nat(10_000),
  remove: fc.nat(6),
  insert: fc.oneof(crumbs, fc.constant('')),
})

const message = fc.tuple(
  fc.array(whole, { minLength: 1, maxLength: 3 }),
  fc.array(mutation, { maxLength: 4 }),
)

function mutate(
  text: string,
  mutations: readonly { place: number; remove: number; insert: string }[],
): string {
  return mutations.reduce((mutated, { place, remove, insert }) => {
    const start = place % (mutated.length + 1)
    return mutated.slice(0, start) + insert + mutated.slice(start + remove)
  }, text)
}

test('no mutated message crashes or hangs the server, is handled twice, or gets more answers than there are messages', async () => {
  const problems: unknown[] = []
  const remember = (problem: unknown) => problems.push(problem)
  process.on('unhandledRejection', remember).on('uncaughtException', remember)
  await using listener = await openTestListener({
    wire: { timeouts: { headers: '50ms', request: '50ms', keepAlive: '1ms' } },
    onUpgrade: (_opening, reply) => reply.send(403, [], undefined),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 80, maxLength: 80 }), async (batch) => {
      const seen = listener.openings.length
      const heads = await Promise.all(
        batch.map(async ([wholes, mutations]) => {
          const text = mutate(wholes.join(''), mutations)
          const answer = await exchangeBytes(listener.port, text, 8_000)
          assert.ok(answer.closed, `left open: ${JSON.stringify(text)}`)
          const finals = statusesOf(answer.text).filter((status) => status >= 200)
          const most = text.split('HTTP/').length
          assert.ok(finals.length <= most, JSON.stringify([text, finals]))
          return most
        }),
      )
      assert.ok(listener.openings.length - seen <= heads.reduce((sum, most) => sum + most))
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 3) },
  )
  const healthy = await exchangeBytes(
    listener.port,
    'GET /healthy HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  )
  assert.deepEqual(statusesOf(healthy.text), [200])
  assert.deepEqual(problems, [])
  process.off('unhandledRejection', remember).off('uncaughtException', remember)
})

test('however a message is cut into packets, it is read the same', async () => {
  await using listener = await openTestListener()
  const text =
    'POST /a%41 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n'
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: text.length - 1 }), { maxLength: 8 }),
      async (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), text.length]
        const parts = places.slice(1).map((end, index) => text.slice(places[index], end))
        const seen = listener.bodies.length
        const answer = await exchangeBytes(listener.port, parts)
        assert.match(answer.text, /POST \/aA hello$/)
        assert.deepEqual(listener.bodies.slice(seen), ['hello'])
      },
    ),
    { numRuns: 40 },
  )
})
