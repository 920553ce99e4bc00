import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GenerationCache } from './generation-cache.ts'

describe('a generation cache', () => {
  it('never gives a wrong value, and always has the last ones', () => {
    const step = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), fc.nat())
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const cache = new GenerationCache<number>(3)
        const model = new Map<string, number>()
        for (const [key, value] of steps) {
          const found = cache.get(key)
          assert.ok(found === undefined || found === model.get(key))
          cache.set(key, value)
          model.set(key, value)
          assert.equal(cache.get(key), value)
        }
      }),
    )
  })

  it('keeps what is asked for, and drops what is not', () => {
    const cache = new GenerationCache<number>(10)
    cache.set('kept', 1)
    cache.set('dropped', 2)
    for (let index = 0; index < 100; index++) {
      cache.set(`other-${index}`, index)
      assert.equal(cache.get('kept'), 1)
    }
    assert.equal(cache.get('dropped'), undefined)
  })

  it('forgets everything when it is cleared', () => {
    const cache = new GenerationCache<number>(1)
    cache.set('a', 1)
    cache.set('b', 2)
    cache.clear()
    assert.deepEqual([cache.get('a'), cache.get('b')], [undefined, undefined])
  })
})
