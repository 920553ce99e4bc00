import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { DiscoveryCount } from './discovery-store.ts'
import type { StoreUnderTest } from './quota-store.contract.ts'

const one: DiscoveryCount = {
  api: 'shop',
  operation: 'getCustomer',
  way: 'response',
  place: '/components/schemas/Customer/properties/email',
  detector: '',
  count: 3,
}

/** The laws of {@link DiscoveryStore}, for one technology. */
export function obeysTheLawsOfDiscoveryStores(technology: string, open: () => Promise<StoreUnderTest>): void {
  describe(`counts of discovery in ${technology}`, () => {
    it('add up by field, operation, way and detector', async () => {
      await using subject = await open()
      const { discovery } = subject.store
      const others = [
        { ...one, detector: 'email' },
        { ...one, way: 'request' as const },
        { ...one, operation: 'other' },
        { ...one, place: '/other' },
      ]
      await discovery.addBatch([one, ...others])
      await discovery.addBatch([{ ...one, count: 2 }])
      const counts = await discovery.list('shop')
      assert.equal(counts.length, 5)
      assert.deepEqual(
        counts.find((count) => count.count === 5),
        { ...one, count: 5 },
      )
    })

    it('are listed and forgotten by API', async () => {
      await using subject = await open()
      const { discovery } = subject.store
      await discovery.addBatch([one, { ...one, api: 'other' }])
      assert.deepEqual(await discovery.list('shop'), [one])
      await discovery.clear('shop')
      assert.deepEqual(await discovery.list('shop'), [])
      assert.equal((await discovery.list('other')).length, 1)
    })
  })
}
