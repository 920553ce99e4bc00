import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { exampleRecord } from './api-key-store.contract.ts'
import type { TestStore } from './testing.ts'

/** The laws of {@link SealedValues}, for one technology. */
export function obeysTheLawsOfSealedValues(technology: string, open: () => Promise<TestStore>): void {
  describe(`sealed values in ${technology}`, () => {
    it('are counted under the key that sealed them', async () => {
      await using subject = await open()
      assert.equal((await subject.store.sealed.countByKey()).size, 0)
      await insertKeys(subject, 3)
      const counts = await subject.store.sealed.countByKey()
      assert.deepEqual([...counts], [[subject.keys.active('store').id, 9]])
    })

    it('come from under the key before in as many steps as it takes, and say the same', async () => {
      await using subject = await open()
      const records = await insertKeys(subject, 10)
      const before = subject.keys.active('store').id
      const after = await subject.rotate('store')
      await subject.store.apiKeys.insert(exampleRecord({ id: 'key_later', hash: 'later' }))
      const counts = await subject.store.sealed.countByKey()
      assert.deepEqual([counts.size, counts.get(before), counts.get(after)], [2, 30, 3])
      const steps: number[] = []
      for (let done = 1; done > 0; steps.push(done)) done = await subject.store.sealed.reseal(7)
      assert.equal(
        steps.reduce((sum, step) => sum + step, 0),
        30,
      )
      assert.ok(Math.max(...steps) <= 7)
      assert.deepEqual([...(await subject.store.sealed.countByKey())], [[after, 33]])
      for (const record of records) assert.deepEqual(await subject.store.apiKeys.findById(record.id), record)
    })

    it('have nothing to seal anew while the key is the same', async () => {
      await using subject = await open()
      await insertKeys(subject, 2)
      assert.equal(await subject.store.sealed.reseal(100), 0)
    })
  })
}

async function insertKeys({ store }: TestStore, count: number) {
  const records = Array.from({ length: count }, (_, index) =>
    exampleRecord({ id: `key_${index}`, hash: `hash-${index}`, consumer: `consumer ${index}` }),
  )
  for (const record of records) await store.apiKeys.insert(record)
  return records
}
