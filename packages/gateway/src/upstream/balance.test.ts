import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '@gateward/kernel'
import { Patience } from '../exchange/patience.ts'
import { createPicker } from './balance.ts'
import { PassiveHealth } from './passive-health.ts'
import { Target } from './target.ts'

const patience = new Patience(new ManualClock())

function targets(...weights: number[]): readonly Target[] {
  const passive = new PassiveHealth(
    { consecutiveFailures: 1, ejectFor: 1_000, maxEjected: 1 },
    new ManualClock(),
  )
  return weights.map(
    (weight, index) =>
      new Target(
        `http://127.0.0.1:${index + 1}`,
        {
          endpoint: { host: '127.0.0.1', port: index + 1, tls: undefined },
          host: `127.0.0.1:${index + 1}`,
          connectTimeout: 1,
          responseTimeout: 1,
          idleTimeout: 1,
          keepAlive: 1,
          patience,
        },
        weight,
        { max: 1, queue: 1, queueFor: 1 },
        passive,
      ),
  )
}

test('targets take turns by their weight, spread evenly', () => {
  const [a, b] = targets(3, 1)
  const pick = createPicker('round-robin', [a as Target, b as Target])
  const turns = Array.from({ length: 8 }, () => (pick(undefined) === a ? 'a' : 'b')).join('')
  assert.equal(turns, 'aabaaaba')
})

test('the least busy target is the one with the fewest requests for its weight', () => {
  const [a, b] = targets(1, 4)
  const pick = createPicker('least-connections', [a as Target, b as Target])
  Object.assign(a as Target, { inFlight: 2 })
  Object.assign(b as Target, { inFlight: 7 })
  for (let turn = 0; turn < 10; turn++) assert.equal(pick(undefined), b)
})

test('of two targets, random-two takes the less busy one', () => {
  const [a, b] = targets(1, 1)
  const pick = createPicker('random-two', [a as Target, b as Target])
  Object.assign(a as Target, { inFlight: 1 })
  for (let turn = 0; turn < 20; turn++) assert.equal(pick(undefined), b)
})

for (const balance of ['round-robin', 'least-connections', 'random-two'] as const) {
  test(`${balance} never chooses a target that is not there, and avoids the one that failed`, () => {
    const [a, b, c] = targets(1, 1, 1) as [Target, Target, Target]
    const pick = createPicker(balance, [a, b, c])
    b.healthy = false
    for (let turn = 0; turn < 20; turn++) assert.notEqual(pick(undefined), b)
    for (let turn = 0; turn < 20; turn++) assert.equal(pick(a), c)
    c.record('failure')
    assert.equal(pick(a), a, 'the only one there, though it failed')
    a.healthy = false
    assert.equal(pick(undefined), undefined)
  })
}
