import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createSampler, createTraceparent, readTraceparent } from './trace-context.ts'

const known = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('a well-formed traceparent is kept', () => {
  assert.equal(readTraceparent(known), known)
})

test('a later version is passed on as version 00 with the parts that version 00 knows', () => {
  assert.equal(readTraceparent(`cc${known.slice(2)}`), known)
  assert.equal(readTraceparent(`cc${known.slice(2)}-what-the-future-brings`), known)
})

test('what the standard forbids starts a new trace', () => {
  const wrong = [
    '',
    '00',
    known.toUpperCase(),
    `${known} `,
    `${known}-x`,
    `ff${known.slice(2)}`,
    `cc${known.slice(2)}.x`,
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    `cc${known.slice(2)}-${'x'.repeat(1_000)}`,
  ]
  for (const text of wrong) {
    const made = readTraceparent(text)
    assert.match(made, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
    assert.notEqual(made, text)
  }
})

test('whatever comes in, what goes on is well-formed', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.match(readTraceparent(text), /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    }),
  )
})

test('new traces are all different', () => {
  assert.equal(new Set(Array.from({ length: 1_000 }, createTraceparent)).size, 1_000)
})

test('a sampled exchange has a span under that of the caller, and the service gets one of its own', () => {
  const { traceparent, span } = createSampler({ ratio: 1, follow: 'nobody' })(known, false)
  assert.match(traceparent, /^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/)
  assert.equal(span?.parent, 'b7ad6b7169203331')
  assert.match(span?.id ?? '', /^[0-9a-f]{16}$/)
  assert.equal(new Set([span?.id, span?.parent, traceparent.slice(36, 52)]).size, 3)
})

test('a trace that begins here has no parent', () => {
  const sample = createSampler({ ratio: 1, follow: 'everybody' })
  for (const received of [undefined, '', 'ff', known.replace('b7ad6b7169203331', '0'.repeat(16))])
    assert.equal(sample(received, true).span?.parent, '')
})

test('whose sampled flag counts is what `follow` says; for all others the ratio decides', () => {
  const asked = known
  const unasked = `${known.slice(0, 53)}00`
  const cases = [
    ['nobody', true, [false, false, true, true]],
    ['proxies', true, [true, false, true, false]],
    ['proxies', false, [false, false, true, true]],
    ['everybody', false, [true, false, true, false]],
  ] as const
  for (const [follow, isTrusted, expected] of cases) {
    const results = [0, 1].flatMap((ratio) =>
      [asked, unasked].map((received) => createSampler({ ratio, follow })(received, isTrusted)),
    )
    assert.deepEqual(
      results.map(({ span }) => span !== undefined),
      expected,
      `${follow} ${isTrusted}`,
    )
    for (const { traceparent, span } of results)
      assert.equal(traceparent.endsWith(span === undefined ? '-00' : '-01'), true)
  }
})

test('a part of the exchanges is sampled', () => {
  let number = 0
  const sample = createSampler({ ratio: 0.25, follow: 'nobody' }, () => (number++ % 100) / 100)
  const sampled = Array.from({ length: 1_000 }, () => sample(undefined, false)).filter(({ span }) => span)
  assert.equal(sampled.length, 250)
})

test('whatever comes in, what a sampler sends on is well-formed', () => {
  const sample = createSampler({ ratio: 0.5, follow: 'everybody' })
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (text, isTrusted) => {
      assert.match(sample(text, isTrusted).traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)
    }),
  )
})
