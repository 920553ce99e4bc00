import { ManualClock, type Diagnostic } from '@gateward/kernel'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { exampleRecord } from '../../store/api-key-store.contract.ts'
import { openTestStore, testStoreKek, type TestStore } from '../../store/testing.ts'
import type { DataKeyStatus } from '../data-keys/data-key-status.ts'
import type { KeyEncryptionKey } from '../providers/key-encryption-key.ts'
import { KeyringUpkeep } from './keyring-upkeep.ts'

const day = 86_400_000

function watch(
  { store, keys: dataKeys }: TestStore,
  changes: { readonly age?: number; readonly kek?: KeyEncryptionKey; readonly never?: true } = {},
) {
  const { age = 0, kek = testStoreKek } = changes
  const rotation = changes.never === true ? undefined : 90 * day
  const notices: Diagnostic[] = []
  const shown: (readonly DataKeyStatus[])[] = []
  const upkeep = new KeyringUpkeep({
    store,
    dataKeys,
    kek,
    formerKeks: [],
    clock: new ManualClock(Date.now() + age),
    rotation,
    onStatus: (statuses) => shown.push(statuses),
    onNotice: (notice) => notices.push(notice),
  })
  return { upkeep, notices, shown, codes: () => notices.map(({ code }) => code) }
}

describe('the upkeep of a keyring', () => {
  it('rotates what is older than its age and nothing else, once however often it looks', async () => {
    await using subject = await openTestStore()
    const young = watch(subject, { age: 89 * day })
    await young.upkeep.run()
    assert.deepEqual(young.notices, [])
    const old = watch(subject, { age: 90 * day })
    await old.upkeep.run()
    const rotated = old.notices.filter(({ code }) => code === 'data-key-rotated')
    assert.equal(rotated.length, 3)
    assert.ok(!rotated.some(({ message }) => /index|deterministic/.test(message)))
    await old.upkeep.run()
    assert.equal(old.notices.filter(({ code }) => code === 'data-key-rotated').length, 3)
    for (const { upkeep } of [young, old]) await upkeep[Symbol.asyncDispose]()
  })

  it('rotates by no age where that is configured, and by half of the messages always', async () => {
    await using subject = await openTestStore()
    await subject.store.dataKeys.addMessages(subject.keys.active('fields').id, 2 ** 31, undefined)
    const { upkeep, notices } = watch(subject, { age: 5_000 * day, never: true })
    await upkeep.run()
    await upkeep[Symbol.asyncDispose]()
    assert.equal(notices.length, 1)
    assert.match(notices[0]?.message ?? '', /for fields .* due by its messages/)
  })

  it('puts values under the new key by itself, and shows every key', async () => {
    await using subject = await openTestStore()
    await subject.store.apiKeys.insert(exampleRecord())
    const after = await subject.rotate('store')
    const { upkeep, codes, shown } = watch(subject)
    await upkeep.run()
    await upkeep[Symbol.asyncDispose]()
    assert.deepEqual(codes(), ['keyring-rewrapped'])
    assert.deepEqual([...(await subject.store.sealed.countByKey())], [[after, 3]])
    assert.equal(shown[0]?.find(({ id }) => id === after)?.values, 3)
  })

  it('says that a provider is down, and never fails', async () => {
    await using subject = await openTestStore()
    const kek = { ...testStoreKek, wrap: () => Promise.reject(new Error('no answer')) }
    const { upkeep, notices } = watch(subject, { age: 91 * day, kek })
    await upkeep.run()
    await upkeep[Symbol.asyncDispose]()
    assert.match(notices[0]?.message ?? '', /no answer; the keys that are loaded go on/)
  })

  it('warns once of a key that comes near its limit while no other can be made', async () => {
    await using subject = await openTestStore()
    await subject.store.dataKeys.addMessages(subject.keys.active('fields').id, 3.5 * 2 ** 30, undefined)
    const kek = { ...testStoreKek, wrap: () => Promise.reject(new Error('no answer')) }
    const { upkeep, codes, notices } = watch(subject, { kek })
    for (let round = 0; round < 2; round++) await upkeep.run()
    await upkeep[Symbol.asyncDispose]()
    assert.deepEqual(codes(), ['keyring-upkeep', 'data-key-near-limit', 'keyring-upkeep'])
    assert.match(notices[1]?.message ?? '', /87 %/)
  })
})
