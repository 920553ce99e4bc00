import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRequestId, isRequestId } from './request-id.ts'

test('an id has 26 characters of Crockford base 32 and passes its own check', () => {
  const id = createRequestId(1_700_000_000_000)
  assert.match(id, /^[0-9A-HJKMNP-TV-Z]{26}$/)
  assert.ok(isRequestId(id))
})

test('ids sort by time', () => {
  assert.ok(createRequestId(1_700_000_000_000) < createRequestId(1_700_000_000_001))
  assert.equal(createRequestId(1_469_918_176_385).slice(0, 10), '01ARYZ6S41')
})

test('ten thousand ids of one millisecond are all different', () => {
  const ids = new Set(Array.from({ length: 10_000 }, () => createRequestId(1_700_000_000_000)))
  assert.equal(ids.size, 10_000)
})

test('an id from outside is taken only where it is short and plain', () => {
  for (const id of ['0123456789', 'a_b-C012', 'x'.repeat(64)]) assert.ok(isRequestId(id))
  for (const id of ['', 'short', 'x'.repeat(65), 'with space', 'line\nbreak12', 'quote"1234', 'ünïcodé1'])
    assert.ok(!isRequestId(id))
})
