import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StoreUnderTest } from './quota-store.contract.ts'
import { mostConsumers, otherConsumers, type VersionCalls } from './version-store.ts'

const one: VersionCalls = {
  api: 'shop@v1',
  consumer: 'acme',
  requests: 3,
  refused: 1,
  firstSeen: 1_000,
  lastSeen: 2_000,
}

/** The laws of {@link VersionStore}, for one technology. */
export function obeysTheLawsOfVersionStores(technology: string, open: () => Promise<StoreUnderTest>): void {
  describe(`calls of versions in ${technology}`, () => {
    it('add up by version and consumer, with the first and the last time', async () => {
      await using subject = await open()
      const { versions } = subject.store
      await versions.addBatch([one, { ...one, consumer: 'eve', lastSeen: 9_000 }])
      await versions.addBatch([{ ...one, requests: 2, refused: 2, firstSeen: 1_500, lastSeen: 5_000 }])
      await versions.addBatch([{ ...one, requests: 1, refused: 0, firstSeen: 500, lastSeen: 500 }])
      assert.deepEqual(await versions.calls('shop@v1'), [
        { ...one, consumer: 'eve', lastSeen: 9_000 },
        { ...one, requests: 6, refused: 3, firstSeen: 500, lastSeen: 5_000 },
      ])
      assert.deepEqual(await versions.calls('shop@v2'), [])
    })

    it('tell so many consumers apart and no more', async () => {
      await using subject = await open()
      const { versions } = subject.store
      const many = Array.from({ length: mostConsumers + 5 }, (_, nth) => ({ ...one, consumer: `c${nth}` }))
      await versions.addBatch(many)
      await versions.addBatch([one, { ...one, consumer: 'c0' }])
      const calls = await versions.calls('shop@v1')
      assert.equal(calls.length, mostConsumers + 1)
      assert.equal(calls.find(({ consumer }) => consumer === otherConsumers)?.requests, 18)
      assert.equal(calls.find(({ consumer }) => consumer === 'c0')?.requests, 6)
    })

    it('are forgotten when nobody was seen for long', async () => {
      await using subject = await open()
      const { versions } = subject.store
      await versions.addBatch([one, { ...one, consumer: 'eve', lastSeen: 9_000 }])
      await versions.forget(2_001)
      assert.deepEqual(
        (await versions.calls('shop@v1')).map(({ consumer }) => consumer),
        ['eve'],
      )
    })

    it('are kept sealed over a restart', async () => {
      await using subject = await open()
      await subject.store.versions.addBatch([one])
      const reopened = await subject.reopen()
      assert.deepEqual(await reopened.versions.calls('shop@v1'), [one])
    })
  })

  describe(`stages of plans in ${technology}`, () => {
    it('begin once, and again where their time is another', async () => {
      await using subject = await open()
      const { versions } = subject.store
      const start = { stage: 'retired', at: 5_000 } as const
      assert.equal(await versions.begin('shop@v1', start), true)
      assert.equal(await versions.begin('shop@v1', start), false)
      assert.equal(await versions.begin('shop@v2', start), true)
      assert.equal(await versions.begin('shop@v1', { ...start, at: 6_000 }), true)
    })
  })
}
