import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AnomalyRecord, Expectation } from './anomaly-store.ts'
import type { StoreUnderTest } from './quota-store.contract.ts'

/** The laws of {@link AnomalyStore}, for one technology. */
export function obeysTheLawsOfAnomalyStores(technology: string, open: () => Promise<StoreUnderTest>): void {
  describe(`anomalies in ${technology}`, () => {
    it('reads back what was added, the newest first, page after page, also after a restart', async () => {
      await using subject = await open()
      const records = [0, 1, 2, 3].map((number) =>
        exampleAnomaly({
          id: `a${number}`,
          time: Math.floor(number / 2),
          api: number === 3 ? 'billing' : 'shop',
        }),
      )
      for (const record of records) await subject.store.anomalies.add(record)
      const { anomalies } = await subject.reopen()
      assert.deepEqual(await anomalies.list({ limit: 9 }), records.toReversed())
      const after = records[2] as AnomalyRecord
      assert.deepEqual(await anomalies.list({ limit: 1, after }), [records[1]])
      assert.deepEqual(await anomalies.list({ limit: 1, api: 'shop' }), [records[2]])
      assert.deepEqual(await anomalies.find('a1'), records[1])
      assert.equal(await anomalies.find('none'), undefined)
    })

    it('keeps the last expectation of one measure and subject until it ends', async () => {
      await using subject = await open()
      const { anomalies } = subject.store
      await anomalies.expect(exampleExpectation({ observed: 1 }))
      await anomalies.expect(exampleExpectation({ observed: 2 }))
      await anomalies.expect(exampleExpectation({ subject: 'b', until: 200 }))
      const [first, second] = await anomalies.expectations(50)
      assert.deepEqual([first?.observed, second?.subject], [2, 'b'])
      assert.equal((await anomalies.expectations(100)).length, 1)
    })

    it('takes an expectation back, that one alone, and says whether there was one', async () => {
      await using subject = await open()
      const { anomalies } = subject.store
      for (const changes of [{}, { subject: 'b' }, { api: 'billing' }, { measure: 'countries' }])
        await anomalies.expect(exampleExpectation(changes))
      assert.equal(await anomalies.forget(exampleExpectation({ observed: 3 })), true)
      assert.equal(await anomalies.forget(exampleExpectation({})), false)
      const reopened = await subject.reopen()
      assert.equal((await reopened.anomalies.expectations(50)).length, 3)
    })

    it('gives back what was last learned', async () => {
      await using subject = await open()
      const { anomalies } = subject.store
      assert.equal(await anomalies.loadLearned('a'), undefined)
      await anomalies.saveLearned('a', 'one')
      await anomalies.saveLearned('a', 'two')
      await anomalies.saveLearned('b', 'three')
      assert.equal(await anomalies.loadLearned('a'), 'two')
    })

    it('forgets exactly what is older', async () => {
      await using subject = await open()
      const { anomalies } = subject.store
      for (const time of [1, 2, 3]) await anomalies.add(exampleAnomaly({ id: `a${time}`, time }))
      await anomalies.expect(exampleExpectation({ until: 1 }))
      await anomalies.deleteBefore(2)
      assert.deepEqual(
        (await anomalies.list({ limit: 9 })).map(({ time }) => time),
        [3, 2],
      )
      assert.deepEqual(await anomalies.expectations(0), [])
    })
  })
}

function exampleAnomaly(changes: Partial<AnomalyRecord>): AnomalyRecord {
  return {
    id: 'a',
    time: 1,
    measure: 'requests',
    dimension: 'consumer',
    subject: 'acme',
    api: 'shop',
    severity: 'high',
    observed: 12.5,
    expected: 1,
    explanation: 'much "more" Ω',
    ...changes,
  }
}

function exampleExpectation(changes: Partial<Expectation>): Expectation {
  return {
    measure: 'requests',
    dimension: 'consumer',
    subject: 'acme',
    api: 'shop',
    observed: 10,
    reason: 'a sale',
    createdAt: 1,
    until: 100,
    ...changes,
  }
}
