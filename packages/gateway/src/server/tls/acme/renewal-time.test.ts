import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renewalTime, retryDelay } from './renewal-time.ts'

const day = 86_400_000
const certificate = { context: {}, names: [], notBefore: 1_000 * day, notAfter: 1_090 * day }

test('a certificate of 90 days is renewed between its 60th day and four and a half days later', () => {
  assert.equal(renewalTime(certificate, 0), 1_060 * day)
  assert.equal(renewalTime(certificate, 1), 1_064.5 * day)
})

test('whatever the life, the renewal lies within it', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (from, life, chance) => {
        const at = renewalTime({ ...certificate, notBefore: from, notAfter: from + life }, chance)
        assert.ok(at > from && at < from + life)
      },
    ),
  )
})

test('tries follow after 5, 10, 20 minutes and so on, and after six hours at the latest', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 8, 100].map((failures) => retryDelay(failures) / 60_000),
    [5, 10, 20, 40, 360, 360],
  )
})
