import { systemClock } from '@gateward/kernel'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { exampleRecord } from '../../store/api-key-store.contract.ts'
import { openTestStore, testStoreKek } from '../../store/testing.ts'
import { openDataKeys } from './open-data-keys.ts'
import { rewrap, type RewrapProgress } from './rewrap.ts'
import { testKek } from './testing.ts'

const pace = { step: 10, rest: 0 }

describe('a rewrap', () => {
  it('broken off goes on where it was, loses nothing, and lets the key before be idle', async () => {
    await using subject = await openTestStore()
    const records = Array.from({ length: 20 }, (_, index) =>
      exampleRecord({ id: `key_${index}`, hash: `hash-${index}` }),
    )
    for (const record of records) await subject.store.apiKeys.insert(record)
    const before = subject.keys.active('store').id
    await subject.rotate('store')
    const input = {
      store: subject.store,
      dataKeys: subject.keys,
      kek: testStoreKek,
      formerKeks: [],
      clock: systemClock,
    }
    const seen: RewrapProgress[] = []
    for await (const progress of rewrap(input, pace)) {
      seen.push(progress)
      if (progress.values >= 20) break
    }
    assert.deepEqual(seen.at(-1), { keys: 0, values: 20, remaining: 40 })
    for await (const progress of rewrap(input, pace)) seen.push(progress)
    assert.deepEqual(seen.at(-1), { keys: 0, values: 40, remaining: 0 })
    assert.equal((await subject.store.sealed.countByKey()).has(before), false)
    for (const record of records) assert.deepEqual(await subject.store.apiKeys.findById(record.id), record)
  })

  it('puts every data key under another provider, after which the former one is not needed', async () => {
    await using subject = await openTestStore()
    const store = subject.store.dataKeys
    const [kek, formerKeks] = [testKek(), [testStoreKek]]
    await using dataKeys = await openDataKeys({ store, kek, formerKeks, clock: systemClock })
    const seen: RewrapProgress[] = []
    const input = { store: subject.store, dataKeys, kek, formerKeks, clock: systemClock }
    for await (const progress of rewrap(input, pace)) seen.push(progress)
    assert.equal(seen[0]?.keys, (await store.list()).length)
    await using alone = await openDataKeys({ store, kek, clock: systemClock })
    assert.equal(alone.active('fields').id, subject.keys.active('fields').id)
    await assert.rejects(openDataKeys({ store, kek: testStoreKek, clock: systemClock }), {
      code: 'KEK_REFUSED',
    })
  })
})
