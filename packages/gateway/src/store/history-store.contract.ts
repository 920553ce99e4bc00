import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { latencyBucket, LatencySketch } from '../sketch/latency-sketch.ts'
import { otherName, type RollupRow } from './history-store.ts'
import type { StoreUnderTest } from './quota-store.contract.ts'

/** The laws of {@link HistoryStore}, for one technology. */
export function obeysTheLawsOfHistoryStores(technology: string, open: () => Promise<StoreUnderTest>): void {
  describe(`history in ${technology}`, () => {
    it('reads back what was added, oldest first, also after a restart', async () => {
      await using subject = await open()
      const rows = [exampleRollup({ start: 60_000 }), exampleRollup({ name: 'b' }), exampleRollup({})]
      await subject.store.history.addBatch(rows)
      const { history } = await subject.reopen()
      const range = { step: 60, dimension: 'api', from: 0, to: 120_000 } as const
      const [newest, b, a] = rows
      assert.deepEqual(await history.read(range), [a, b, newest])
      assert.deepEqual(await history.read({ ...range, name: 'b' }), [b])
      assert.deepEqual(await history.read({ ...range, to: 60_000 }), [a, b])
      assert.deepEqual(await history.read({ ...range, from: 1 }), [newest])
      assert.deepEqual(await history.read({ ...range, step: 1 }), [])
      assert.deepEqual(await history.read({ ...range, dimension: 'guard' }), [])
    })

    it('adds every count to a row that is there, and merges its latencies', async () => {
      await using subject = await open()
      const { history } = subject.store
      await history.addBatch([
        exampleRollup({ latency: sketchOf(1, 1, 1) }),
        exampleRollup({ latency: undefined }),
      ])
      await history.addBatch([exampleRollup({ latency: sketchOf(100) })])
      const [row] = await history.read({ step: 60, dimension: 'api', from: 0, to: 1 })
      assert.deepEqual([row?.requests, row?.status5xx, row?.bytesOut], [30, 6, 300])
      const merged = LatencySketch.fromBytes(row?.latency ?? new Uint8Array())
      assert.equal(merged.count, 4)
      assert.ok(Math.abs((merged.quantile(1) ?? 0) - 100) < 2.6)
    })

    it('adds a batch wholly or not at all', async () => {
      await using subject = await open()
      const { history } = subject.store
      const bad = exampleRollup({ name: 'bad', requests: 0.5 })
      await assert.rejects(async () => history.addBatch([exampleRollup({}), bad]))
      assert.deepEqual(await history.read({ step: 60, dimension: 'api', from: 0, to: 1 }), [])
    })

    it('sums by name like a map, whatever characters a name holds', async () => {
      await using subject = await open()
      const { history } = subject.store
      const row = fc.record({
        name: fc.string({ maxLength: 6, unit: 'grapheme' }),
        start: fc.constantFrom(0, 60_000, 120_000),
        requests: fc.nat({ max: 9 }),
      })
      const model = new Map<string, number>()
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 6 }), async (rows) => {
          await history.addBatch(rows.map((changes) => exampleRollup(changes)))
          for (const { name, start, requests } of rows)
            if (start < 120_000) model.set(name, (model.get(name) ?? 0) + requests)
          const sums = await history.sum({ step: 60, dimension: 'api', from: 0, to: 120_000, limit: 1_000 })
          assert.deepEqual(new Map(sums.map(({ name, requests }) => [name, requests])), model)
          const counts = sums.map(({ requests }) => requests)
          assert.deepEqual(
            counts,
            counts.toSorted((left, right) => right - left),
          )
        }),
        { numRuns: 30 },
      )
    })

    it('folds the small ones into one and changes no total', async () => {
      await using subject = await open()
      const { history } = subject.store
      const rows = [5, 1, 9, 3, 7].map((requests) => exampleRollup({ name: `n${requests}`, requests }))
      await history.addBatch([...rows, exampleRollup({ start: 60_000, name: 'later' })])
      for (let times = 0; times < 2; times++) await history.fold(60, 0, 'api', 2)
      const left = await history.read({ step: 60, dimension: 'api', from: 0, to: 60_001 })
      assert.deepEqual(
        left.map(({ name, requests }) => [name, requests]),
        [
          [otherName, 9],
          ['n7', 7],
          ['n9', 9],
          ['later', 10],
        ],
      )
    })

    it('forgets exactly what is older, and what is too much', async () => {
      await using subject = await open()
      const { history } = subject.store
      const starts = [0, 60_000, 120_000, 180_000]
      const rows = starts.flatMap((start) => ['a', 'b'].map((name) => exampleRollup({ start, name })))
      await history.addBatch([...rows, exampleRollup({ step: 3600 })])
      await history.deleteBefore(60, 60_000)
      const range = { step: 60, dimension: 'api', from: 0, to: 1e9 } as const
      assert.equal((await history.read(range)).length, 6)
      await history.trim(60, 6)
      assert.equal((await history.read(range)).length, 6)
      await history.trim(60, 5)
      assert.deepEqual(
        (await history.read(range)).map(({ start }) => start),
        [120_000, 120_000, 180_000, 180_000],
      )
      assert.equal((await history.read({ ...range, step: 3600 })).length, 1)
    })
  })
}

function exampleRollup(changes: Partial<RollupRow>): RollupRow {
  return {
    step: 60,
    start: 0,
    dimension: 'api',
    name: 'a',
    requests: 10,
    refused: 1,
    status2xx: 6,
    status3xx: 1,
    status4xx: 1,
    status5xx: 2,
    bytesIn: 10,
    bytesOut: 100,
    latency: sketchOf(5),
    ...changes,
  }
}

function sketchOf(...durations: readonly number[]): Uint8Array {
  const sketch = new LatencySketch()
  for (const duration of durations) sketch.addToBucket(latencyBucket(duration))
  return sketch.toBytes()
}
