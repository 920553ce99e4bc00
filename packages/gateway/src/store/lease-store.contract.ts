import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StoreUnderTest } from './quota-store.contract.ts'

/** The laws of {@link LeaseStore}, for one technology. */
export function obeysTheLawsOfLeaseStores(technology: string, open: () => Promise<StoreUnderTest>): void {
  describe(`leases in ${technology}`, () => {
    it('have one holder, who may prolong his', async () => {
      await using subject = await open()
      const { leases } = subject.store
      assert.equal(await leases.take('renewal', 'one', 0, 100), true)
      assert.equal(await leases.take('renewal', 'other', 50, 150), false)
      assert.equal(await leases.take('renewal', 'one', 60, 200), true)
      assert.equal(await leases.take('renewal', 'other', 150, 250), false)
    })

    it('end by themselves, at their time and not before', async () => {
      await using subject = await open()
      const { leases } = subject.store
      await leases.take('renewal', 'one', 0, 100)
      assert.equal(await leases.take('renewal', 'other', 99, 200), false)
      assert.equal(await leases.take('renewal', 'other', 100, 200), true)
      assert.equal(await leases.take('renewal', 'one', 150, 300), false)
    })

    it('are released by their holder alone', async () => {
      await using subject = await open()
      const { leases } = subject.store
      await leases.take('renewal', 'one', 0, 100)
      await leases.release('renewal', 'other')
      assert.equal(await leases.take('renewal', 'other', 1, 100), false)
      await leases.release('renewal', 'one')
      assert.equal(await leases.take('renewal', 'other', 1, 100), true)
    })

    it('of different names know nothing of each other', async () => {
      await using subject = await open()
      const { leases } = subject.store
      assert.equal(await leases.take('renewal', 'one', 0, 100), true)
      assert.equal(await leases.take("renewal' or '1'='1", 'other', 0, 100), true)
    })
  })
}
