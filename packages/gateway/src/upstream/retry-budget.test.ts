import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '@gateward/kernel'
import * as fc from 'fast-check'
import { RetryBudget } from './retry-budget.ts'

test('retries never exceed their share of the requests and what time gives', () => {
  const step = fc.record({
    requests: fc.integer({ min: 0, max: 30 }),
    tries: fc.integer({ min: 0, max: 30 }),
    wait: fc.integer({ min: 0, max: 2_000 }),
  })
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 10 }),
      (steps, budget, minPerSecond) => {
        const clock = new ManualClock()
        const subject = new RetryBudget({ attempts: 1, budget, minPerSecond, on: [] }, clock)
        let requests = 0
        let retries = 0
        for (const { requests: made, tries, wait } of steps) {
          for (let index = 0; index < made; index++) subject.deposit()
          requests += made
          for (let index = 0; index < tries; index++) if (subject.withdraw()) retries++
          clock.advance(wait)
        }
        assert.ok(retries <= requests * budget + minPerSecond * (clock.tick() / 1_000 + 1) + 1e-6)
      },
    ),
  )
})

test('a service with little traffic still gets its retries', () => {
  const clock = new ManualClock()
  const budget = new RetryBudget({ attempts: 1, budget: 0, minPerSecond: 0.5, on: [] }, clock)
  assert.equal(budget.withdraw(), true)
  assert.equal(budget.withdraw(), false)
  clock.advance(2_000)
  assert.equal(budget.withdraw(), true)
})

test('a budget of nothing allows nothing', () => {
  const budget = new RetryBudget({ attempts: 1, budget: 0, minPerSecond: 0, on: [] }, new ManualClock())
  for (let index = 0; index < 100; index++) budget.deposit()
  assert.equal(budget.withdraw(), false)
})
