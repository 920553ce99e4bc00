import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createTraceparent, readTraceparent } from './trace-context.ts'

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
