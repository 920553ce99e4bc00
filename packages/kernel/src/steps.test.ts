import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { test } from 'node:test'
import { atOnce, inTurns, type Steps } from './steps.ts'

/** Works for two milliseconds a step, and notes each. */
function* work(count: number, done: number[]): Steps<string> {
  for (let step = 0; step < count; step++) {
    for (const end = performance.now() + 2; performance.now() < end;);
    done.push(step)
    yield
  }
  return 'whole'
}

test('work in turns lets others have theirs, and comes to the same end as work at once', async () => {
  const done: number[] = []
  const whole = inTurns(work(20, done))
  await setImmediate()
  assert.ok(done.length > 0 && done.length < 20, `${done.length} of 20 steps were done in the first turn`)
  assert.equal(await whole, 'whole')
  assert.equal(done.length, 20)
  assert.equal(atOnce(work(3, done)), 'whole')
  assert.equal(done.length, 23)
})

test('what a step throws is what the work comes to', async () => {
  function* fail(): Steps<never> {
    yield
    throw new Error('broken')
  }
  await assert.rejects(inTurns(fail()), /broken/)
  assert.throws(() => atOnce(fail()), /broken/)
})
