import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { array, assert as assertProperty, double, property } from 'fast-check'
import { latencyBucket, LatencySketch } from './latency-sketch.ts'
import { mergeLatency } from './merge-latency.ts'

const duration = double({ min: 0.02, max: 90_000, noNaN: true })

describe('a latency sketch', () => {
  it('answers every quantile within 2.5 % of the true one', () => {
    assertProperty(
      property(
        array(duration, { minLength: 1 }),
        double({ min: 0, max: 1, noNaN: true }),
        (durations, quantile) => {
          const sorted = durations.toSorted((left, right) => left - right)
          const truth = sorted[Math.max(1, Math.ceil(quantile * sorted.length)) - 1] ?? 0
          const told = sketchOf(durations).quantile(quantile) ?? 0
          assert.ok(Math.abs(told - truth) <= truth * 0.025 + 1e-9, `${told} for ${truth}`)
        },
      ),
    )
  })

  it('merged with another is the sketch of both, and survives being written', () => {
    assertProperty(
      property(array(duration), array(duration), (left, right) => {
        const merged = mergeLatency(sketchOf(left).toBytes(), sketchOf(right).toBytes())
        assert.deepEqual(merged, sketchOf([...left, ...right]).toBytes())
        assert.deepEqual(LatencySketch.fromBytes(merged ?? new Uint8Array()), sketchOf([...left, ...right]))
      }),
    )
  })

  it('takes what is out of its range, and says nothing of nothing', () => {
    assert.equal(new LatencySketch().quantile(0.5), undefined)
    for (const odd of [0, -1, Number.NaN, 1e12, Infinity]) assert.equal(sketchOf([odd]).count, 1)
    assert.ok((sketchOf([1e12]).quantile(1) ?? 0) > 90_000)
  })
})

function sketchOf(durations: readonly number[]): LatencySketch {
  const sketch = new LatencySketch()
  for (const each of durations) sketch.addToBucket(latencyBucket(each))
  return sketch
}
