import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '@gateward/kernel'
import { Recent } from './recent.ts'

test('a question is answered once for all who ask at a time, and for a while after', async () => {
  const clock = new ManualClock()
  const recent = new Recent<number>(clock, 1_000, 2)
  let asked = 0
  const ask = (question: string) => recent.get(question, async () => ++asked)
  assert.deepEqual(await Promise.all([ask('a'), ask('a'), ask('b')]), [1, 1, 2])
  clock.advance(999)
  assert.equal(await ask('a'), 1)
  clock.advance(1)
  assert.equal(await ask('a'), 3)
})

test('no more answers are kept than that, and none that failed', async () => {
  const recent = new Recent<string>(new ManualClock(), 1_000, 2)
  const ask = (question: string, answer: string) => recent.get(question, async () => answer)
  for (const question of ['a', 'b', 'c']) await ask(question, 'first')
  assert.deepEqual([await ask('c', 'second'), await ask('b', 'second')], ['first', 'first'])
  assert.equal(await ask('a', 'second'), 'second')
  await assert.rejects(
    recent.get('d', () => Promise.reject(new Error('broken'))),
    /broken/,
  )
  assert.equal(await ask('d', 'mended'), 'mended')
})
