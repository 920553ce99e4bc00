import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import {
  closest,
  defineProblem,
  formatDuration,
  formatSize,
  parseDuration,
  parseSize,
  renderProblem,
  Secret,
} from './index.ts'

test('a secret shows itself in no text, template, JSON or debug output', () => {
  const secret = new Secret('hunter2')
  const shown = [
    String(secret),
    [secret].join(),
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 9, showHidden: true }),
  ]
  assert.ok(
    shown.every((text) => !text.includes('hunter2')),
    shown.join(),
  )
  assert.equal(secret.reveal(), 'hunter2')
})

test('a duration needs a unit, and is written with the largest that fits', () => {
  assert.equal(parseDuration('90s'), 90_000)
  assert.equal(parseDuration('90'), undefined)
  assert.equal(parseDuration('-1s'), undefined)
  assert.equal(formatDuration(86_400_000), '1d')
  assert.equal(formatDuration(90_000), '90s')
})

test('a size is a power of 1024', () => {
  assert.equal(parseSize('16KB'), 16_384)
  assert.equal(parseSize('16kb'), undefined)
  assert.equal(formatSize(1_048_576), '1MB')
})

test('a mistyped word finds its nearest candidate, a foreign one finds none', () => {
  assert.equal(closest('paranoya', ['paranoia', 'mode']), 'paranoia')
  assert.equal(closest('prot', ['port', 'host']), 'port')
  assert.equal(closest('zebra', ['paranoia', 'mode']), undefined)
})

test('a rendered problem carries the members of RFC 9457 and never its reason', () => {
  const problem = defineProblem('VALIDATION_ERROR', 'body /item secret detail', {
    pointers: [{ in: 'body', pointer: '/item', message: 'too long' }],
  })
  const body = JSON.parse(renderProblem(problem, 'R1', false)) as Record<string, unknown>
  assert.deepEqual(body, {
    type: 'https://gateward.dev/problems/validation-error',
    title: 'Invalid request',
    status: 422,
    error: 'Invalid request',
    code: 'VALIDATION_ERROR',
    requestId: 'R1',
  })
  assert.ok(renderProblem(problem, 'R1', true).includes('/item'))
})
