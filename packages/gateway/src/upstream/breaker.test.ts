import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '@gateward/kernel'
import * as fc from 'fast-check'
import { Breaker, type Outcome } from './breaker.ts'

const settings = { failures: 0.5, minimum: 4, window: 10_000, openFor: 5_000, probes: 2 }

function fail(breaker: Breaker, times: number, outcome: Outcome = 'failure'): void {
  for (let time = 0; time < times; time++) breaker.settle(breaker.admit(), outcome)
}

test('it opens when half of enough requests failed', () => {
  const breaker = new Breaker(settings, new ManualClock())
  fail(breaker, 2, 'success')
  fail(breaker, 1)
  assert.equal(breaker.state, 'closed')
  fail(breaker, 1)
  assert.equal(breaker.state, 'open')
  assert.equal(breaker.admit(), -1)
})

test('it forgets what is older than its window', () => {
  const clock = new ManualClock()
  const breaker = new Breaker(settings, clock)
  fail(breaker, 3)
  clock.advance(10_000)
  fail(breaker, 3)
  assert.equal(breaker.state, 'closed')
})

test('after a while it lets probes through, and closes when all succeed', () => {
  const clock = new ManualClock()
  const breaker = new Breaker(settings, clock)
  fail(breaker, 4)
  clock.advance(5_000)
  assert.equal(breaker.state, 'half-open')
  const one = breaker.admit()
  const two = breaker.admit()
  assert.equal(breaker.admit(), -1, 'no more probes than set')
  breaker.settle(one, 'success')
  assert.equal(breaker.admit(), -1, 'a probe that succeeded is not asked again')
  breaker.settle(two, 'success')
  assert.equal(breaker.state, 'closed')
  fail(breaker, 3)
  assert.equal(breaker.state, 'closed', 'what was before it opened no longer counts')
})

test('one probe that fails opens it again', () => {
  const clock = new ManualClock()
  const breaker = new Breaker(settings, clock)
  fail(breaker, 4)
  clock.advance(5_000)
  breaker.settle(breaker.admit(), 'failure')
  assert.equal(breaker.state, 'open')
})

test('a probe whose client left gives its place back', () => {
  const clock = new ManualClock()
  const breaker = new Breaker(settings, clock)
  fail(breaker, 4)
  clock.advance(5_000)
  for (let turn = 0; turn < 10; turn++) {
    const pass = breaker.admit()
    assert.notEqual(pass, -1)
    breaker.settle(pass, 'neither')
  }
  fail(breaker, 2, 'success')
  assert.equal(breaker.state, 'closed')
})

test('requests from before it opened do not speak for what came after', () => {
  const clock = new ManualClock()
  const breaker = new Breaker(settings, clock)
  const early = [breaker.admit(), breaker.admit(), breaker.admit()]
  fail(breaker, 4)
  clock.advance(5_000)
  breaker.admit()
  for (const pass of early) breaker.settle(pass, 'success')
  assert.equal(breaker.state, 'half-open')
})

test('whatever happens, it can always close again', () => {
  const step = fc.record({
    outcome: fc.constantFrom<Outcome>('success', 'failure', 'neither'),
    wait: fc.integer({ min: 0, max: 6_000 }),
    overlap: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const clock = new ManualClock()
      const breaker = new Breaker(settings, clock)
      const open: number[] = []
      for (const { outcome, wait, overlap } of steps) {
        clock.advance(wait)
        const pass = breaker.admit()
        if (pass !== -1) open.push(pass)
        if (!overlap && open.length > 0) breaker.settle(open.shift() ?? -1, outcome)
      }
      for (const pass of open) breaker.settle(pass, 'neither')
      clock.advance(settings.openFor)
      fail(breaker, settings.probes, 'success')
      assert.equal(breaker.state, 'closed')
    }),
  )
})
