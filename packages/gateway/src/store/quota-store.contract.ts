import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Store } from './store.ts'

/** A store under test, and how it is restarted. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: Store
  reopen(): Promise<Store>
}

/** The laws of {@link QuotaStore}, for one technology. */
export function obeysTheLawsOfQuotaStores(technology: string, open: () => Promise<StoreUnderTest>): void {
  describe(`quotas in ${technology}`, () => {
    it('reads 0 for what was never counted', async () => {
      await using subject = await open()
      assert.equal(await subject.store.quotas.read('consumer', 'monthly', 0), 0)
    })

    it('adds a batch to what is there, also when it names a count twice', async () => {
      await using subject = await open()
      const { quotas } = subject.store
      const usage = { key: 'consumer', policy: 'monthly', periodStart: 1_000 }
      await quotas.addBatch([{ ...usage, used: 3 }])
      await quotas.addBatch([
        { ...usage, used: 4 },
        { ...usage, used: 5 },
      ])
      assert.equal(await quotas.read('consumer', 'monthly', 1_000), 12)
    })

    it('takes an empty batch', async () => {
      await using subject = await open()
      await subject.store.quotas.addBatch([])
    })

    it('adds a batch wholly or not at all', async () => {
      await using subject = await open()
      const { quotas } = subject.store
      const good = { key: 'consumer', policy: 'monthly', periodStart: 0, used: 1 }
      const bad = { ...good, key: 'other', used: 0.5 }
      await assert.rejects(async () => quotas.addBatch([good, bad]))
      assert.equal(await quotas.read('consumer', 'monthly', 0), 0)
    })

    it('is there after a restart', async () => {
      await using subject = await open()
      await subject.store.quotas.addBatch([{ key: 'a', policy: 'b', periodStart: 1, used: 9 }])
      const { quotas } = await subject.reopen()
      assert.equal(await quotas.read('a', 'b', 1), 9)
    })

    it('forgets exactly the periods that began before a moment', async () => {
      await using subject = await open()
      const { quotas } = subject.store
      await quotas.addBatch([1, 2, 3].map((periodStart) => ({ key: 'a', policy: 'b', used: 1, periodStart })))
      await quotas.deleteBefore(2)
      assert.deepEqual(
        await Promise.all([1, 2, 3].map(async (start) => quotas.read('a', 'b', start))),
        [0, 1, 1],
      )
    })

    it('counts like a map from key, policy and period, whatever characters they hold', async () => {
      await using subject = await open()
      const { quotas } = subject.store
      const text = fc.string({ maxLength: 8, unit: 'grapheme' })
      const usage = fc.record({
        key: text,
        policy: text,
        periodStart: fc.nat({ max: 3 }),
        used: fc.nat({ max: 1_000 }),
      })
      const model = new Map<string, number>()
      await fc.assert(
        fc.asyncProperty(fc.array(usage, { maxLength: 6 }), async (usages) => {
          await quotas.addBatch(usages)
          for (const { key, policy, periodStart, used } of usages) {
            const name = JSON.stringify([key, policy, periodStart])
            model.set(name, (model.get(name) ?? 0) + used)
          }
          for (const { key, policy, periodStart } of usages)
            assert.equal(
              await quotas.read(key, policy, periodStart),
              model.get(JSON.stringify([key, policy, periodStart])),
            )
        }),
        { numRuns: 50 },
      )
    })
  })
}
