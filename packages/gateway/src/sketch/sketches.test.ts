import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { array, assert as assertProperty, integer, nat, property } from 'fast-check'
import { DecayedHistogram } from './decayed-histogram.ts'
import { DistinctCount } from './distinct-count.ts'

describe('a distinct count', () => {
  it('is exact for few and near for many, however often each comes', () => {
    assertProperty(
      property(integer({ min: 0, max: 20_000 }), nat(), (count, seed) => {
        const distinct = new DistinctCount()
        for (let number = 0; number < count; number++) distinct.add(`${seed}/${number}`)
        for (let number = 0; number < Math.min(count, 100); number++) distinct.add(`${seed}/${number}`)
        const allowed = count <= 48 ? 0 : count * 0.25
        assert.ok(Math.abs(distinct.count - count) <= allowed, `${distinct.count} for ${count}`)
      }),
      { numRuns: 40 },
    )
  })

  it('merged with another counts what either has seen', () => {
    for (const [left, right] of [
      [10, 20],
      [10, 5_000],
      [5_000, 10],
      [5_000, 8_000],
    ] as const) {
      const one = countUpTo(left)
      one.merge(countUpTo(right))
      const truth = Math.max(left, right)
      assert.ok(Math.abs(one.count - truth) <= truth * 0.25, `${one.count} for ${truth}`)
    }
  })
})

describe('a decayed histogram', () => {
  it('tells quantiles within its bins', () => {
    assertProperty(
      property(array(integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 500 }), (values) => {
        const histogram = new DecayedHistogram()
        for (const value of values) histogram.add(value)
        const sorted = values.toSorted((left, right) => left - right)
        const truth = sorted[Math.max(1, Math.ceil(0.9 * sorted.length)) - 1] ?? 0
        assert.ok(Math.abs(histogram.quantile(0.9) - truth) <= truth * 0.13 + 1e-6)
      }),
    )
  })

  it('follows what changes, survives being written, and says 0 of nothing', () => {
    const histogram = new DecayedHistogram()
    assert.equal(histogram.quantile(0.99), 0)
    for (let time = 0; time < 5_000; time++) histogram.add(10)
    for (let time = 0; time < 10_000; time++) histogram.add(1_000)
    assert.ok(histogram.quantile(0.1) > 800)
    const copy = DecayedHistogram.from(
      JSON.parse(JSON.stringify(histogram)) as ReturnType<DecayedHistogram['toJSON']>,
    )
    assert.equal(copy.quantile(0.5), histogram.quantile(0.5))
    assert.equal(copy.seen, 15_000)
  })
})

function countUpTo(count: number): DistinctCount {
  const distinct = new DistinctCount()
  for (let number = 0; number < count; number++) distinct.add(String(number))
  return distinct
}
