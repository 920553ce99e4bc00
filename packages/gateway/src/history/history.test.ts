import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock } from '@gateward/kernel'
import { exampleRefusal, exampleRequest } from '../observe/events/testing.ts'
import type { HistoryStore } from '../store/history-store.ts'
import { openTestStore } from '../store/testing.ts'
import { createHistory } from './history.ts'
import { HistoryRecorder } from './history-recorder.ts'

const start = 1_700_000_040_000
const minute = 60_000
const hour = 3_600_000

describe('history', () => {
  it('tells traffic by seconds, minutes and hours, the minute that is not over too', async () => {
    await using subject = await openSubject()
    const { clock, recorder, history } = subject
    for (let second = 0; second < 90; second++) {
      recorder.receive([exampleRequest({ time: clock.now(), duration: second < 45 ? 10 : 100 })])
      clock.advance(1_000)
      recorder.advance()
    }
    const range = { from: start, to: start + 2 * minute }
    const seconds = await history.traffic({ ...range, step: 1 })
    assert.equal(seconds.length, 90)
    assert.deepEqual([seconds[0]?.start, seconds[0]?.requests], [start, 1])
    const minutes = await history.traffic({ ...range, step: 60 })
    assert.deepEqual(
      minutes.map(({ start: at, requests }) => [at, requests]),
      [
        [start, 60],
        [start + minute, 30],
      ],
    )
    assert.ok(Math.abs((minutes[0]?.p50 ?? 0) - 10) < 0.3)
    assert.ok(Math.abs((minutes[0]?.p99 ?? 0) - 100) < 2.6)
    const [total] = await history.traffic({ from: start - hour, to: start + hour, step: 7_200 })
    assert.equal(total?.requests, 90)
  })

  it('tells one API, one operation, refusals by guard and the busiest names', async () => {
    await using subject = await openSubject()
    const { clock, recorder, history } = subject
    for (let number = 0; number < 10; number++) {
      const request = exampleRequest({
        time: clock.now(),
        api: number < 7 ? 'shop' : 'billing',
        consumer: `c${number % 3}`,
        client: number < 4 ? '8.8.8.8' : '127.0.0.1',
        ...(number < 2 ? { code: 'RATE_LIMITED', status: 429 } : {}),
      })
      recorder.receive([request])
      if (number < 2) recorder.receive([exampleRefusal({ guard: 'quota', request })])
      if (number === 9) recorder.receive([exampleRefusal({ guard: 'waf', mode: 'shadow', request })])
    }
    const range = { from: start, to: start + hour }
    const [shop] = await history.traffic({ ...range, step: 60, api: 'shop' })
    assert.deepEqual([shop?.requests, shop?.refused, shop?.status4xx, shop?.status2xx], [7, 2, 2, 5])
    const [orders] = await history.traffic({ ...range, step: 60, api: 'shop', operation: 'getOrder' })
    assert.equal(orders?.requests, 7)
    assert.deepEqual(await history.refusals({ ...range, step: 60 }), [
      { guard: 'quota', points: [{ start, refused: 2, shadow: 0 }] },
      { guard: 'waf', points: [{ start, refused: 0, shadow: 1 }] },
    ])
    const consumers = await history.top({ ...range, dimension: 'consumer', limit: 2 })
    assert.deepEqual(
      consumers.map(({ name, requests }) => [name, requests]),
      [
        ['c0', 4],
        ['c1', 3],
      ],
    )
    const [us] = await history.top({ ...range, dimension: 'country', limit: 9 })
    assert.deepEqual([us?.name, us?.requests], ['US', 4])
  })

  it('keeps seconds for an hour, minutes for a week, hours for a year', async () => {
    await using subject = await openSubject()
    const { clock, recorder, store } = subject
    const count = async (step: 1 | 60 | 3600) =>
      (await store.read({ step, dimension: 'all', from: 0, to: clock.now() + hour })).length
    const step = async (milliseconds: number) => {
      recorder.receive([exampleRequest({ time: clock.now() })])
      clock.advance(milliseconds)
      recorder.advance()
      await new Promise((resolve) => setImmediate(resolve))
    }
    for (const pause of [minute, 2 * hour, 8 * 86_400_000, 400 * 86_400_000, minute]) await step(pause)
    assert.deepEqual([await count(1), await count(60), await count(3600)], [1, 1, 1])
  })

  it('stays small whoever calls: a flood of names is counted whole, under few of them', async () => {
    await using subject = await openSubject()
    const { clock, recorder, history, store } = subject
    for (let number = 0; number < 5_000; number++)
      recorder.receive([exampleRequest({ time: clock.now(), consumer: `c${number}`, block: `b${number}` })])
    clock.advance(minute)
    recorder.advance()
    const rows = await store.read({ step: 60, dimension: 'consumer', from: start, to: start + hour })
    assert.ok(rows.length <= 21, String(rows.length))
    const all = await history.top({ from: start, to: start + hour, dimension: 'consumer', limit: 100 })
    assert.equal(
      all.reduce((sum, { requests }) => sum + requests, 0),
      5_000,
    )
  })

  it('writes later what the store could not take', async () => {
    await using subject = await openSubject({ failures: 2 })
    const { clock, recorder, history, faults } = subject
    for (let second = 0; second < 4; second++) {
      recorder.receive([exampleRequest({ time: clock.now() })])
      clock.advance(1_000)
      recorder.advance()
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.equal(faults.length, 2)
    const points = await history.traffic({ from: start, to: start + minute, step: 1 })
    assert.equal(points.length, 4)
  })
})

async function openSubject({ failures = 0 } = {}) {
  const opened = await openTestStore()
  const clock = new ManualClock(start)
  const faults: unknown[] = []
  let left = failures
  const { history: real } = opened.store
  const store = Object.assign(Object.create(real) as HistoryStore, {
    addBatch: (rows: Parameters<HistoryStore['addBatch']>[0]) => {
      if (left-- > 0) throw new Error('the database is locked')
      return real.addBatch(rows)
    },
    read: real.read.bind(real),
    sum: real.sum.bind(real),
    fold: real.fold.bind(real),
    deleteBefore: real.deleteBefore.bind(real),
    trim: real.trim.bind(real),
  })
  const country = (address: string) => (address === '8.8.8.8' ? 'US' : undefined)
  const geography = {
    locate: (address: string) => ({
      country: country(address),
      autonomousSystem: undefined,
      position: undefined,
    }),
  }
  const recorder = new HistoryRecorder({ store, geography, clock, onFault: (thrown) => faults.push(thrown) })
  return {
    clock,
    store,
    recorder,
    faults,
    history: createHistory({ store, recorder, clock }),
    [Symbol.asyncDispose]: async () => {
      recorder[Symbol.dispose]()
      await opened[Symbol.asyncDispose]()
    },
  }
}
