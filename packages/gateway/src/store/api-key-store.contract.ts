import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ApiKeyRecord } from './api-key-store.ts'
import type { StoreUnderTest } from './quota-store.contract.ts'

/** The laws of {@link ApiKeyStore}, for one technology. */
export function obeysTheLawsOfApiKeyStores(technology: string, open: () => Promise<StoreUnderTest>): void {
  describe(`API keys in ${technology}`, () => {
    it('finds a record whole by its hash and by its id, also after a restart', async () => {
      await using subject = await open()
      const record = exampleRecord()
      await subject.store.apiKeys.insert(record)
      for (const open of [async () => subject.store, () => subject.reopen()]) {
        const { apiKeys } = await open()
        assert.deepEqual(await apiKeys.findByHash(record.hash), record)
        assert.deepEqual(await apiKeys.findById(record.id), record)
        assert.equal(await apiKeys.findByHash('another'), undefined)
        assert.equal(await apiKeys.findById('another'), undefined)
      }
    })

    it('refuses a second record with the same hash or id and changes nothing', async () => {
      await using subject = await open()
      const { apiKeys } = subject.store
      await apiKeys.insert(exampleRecord())
      await assert.rejects(async () => apiKeys.insert(exampleRecord({ id: 'key_2' })))
      await assert.rejects(async () => apiKeys.insert(exampleRecord({ hash: 'other' })))
      assert.equal((await apiKeys.list({ limit: 10 })).length, 1)
    })

    it('never takes a revoked key back', async () => {
      await using subject = await open()
      const { apiKeys } = subject.store
      const { id } = exampleRecord()
      await apiKeys.insert(exampleRecord())
      assert.equal(await apiKeys.setState(id, 'disabled', 1), true)
      assert.equal(await apiKeys.setState(id, 'active', 2), true)
      assert.equal(await apiKeys.setState(id, 'revoked', 3), true)
      assert.equal(await apiKeys.setState(id, 'active', 4), false)
      const record = await apiKeys.findById(id)
      assert.deepEqual([record?.state, record?.changedAt], ['revoked', 3])
    })

    it('says that it knows no such key', async () => {
      await using subject = await open()
      assert.equal(await subject.store.apiKeys.setState('key_none', 'revoked', 1), false)
      assert.equal(await subject.store.apiKeys.succeed('key_none', 1, exampleRecord()), false)
      assert.deepEqual(await subject.store.apiKeys.list({ limit: 10 }), [])
    })

    it('lets a key end when its successor is there, and never later than before', async () => {
      await using subject = await open()
      const { apiKeys } = subject.store
      const first = exampleRecord({ expiresAt: 1_000 })
      await apiKeys.insert(first)
      const second = exampleRecord({ id: 'key_2', hash: 'second', expiresAt: 9_000 })
      assert.equal(await apiKeys.succeed(first.id, 5_000, second), true)
      assert.equal((await apiKeys.findById(first.id))?.expiresAt, 1_000)
      assert.equal((await apiKeys.findById(first.id))?.successor, 'key_2')
      const third = exampleRecord({ id: 'key_3', hash: 'third' })
      assert.equal(await apiKeys.succeed('key_2', 5_000, third), true)
      assert.equal((await apiKeys.findById('key_2'))?.expiresAt, 5_000)
    })

    it('gives a revoked or disabled key no successor', async () => {
      await using subject = await open()
      const { apiKeys } = subject.store
      const successor = exampleRecord({ id: 'key_2', hash: 'second' })
      await apiKeys.insert(exampleRecord())
      for (const state of ['disabled', 'revoked'] as const) {
        await apiKeys.setState(exampleRecord().id, state, 1)
        assert.equal(await apiKeys.succeed(exampleRecord().id, 1, successor), false)
        assert.equal(await apiKeys.findById('key_2'), undefined)
      }
    })

    it('changes neither key where the successor cannot be inserted', async () => {
      await using subject = await open()
      const { apiKeys } = subject.store
      const record = exampleRecord()
      await apiKeys.insert(record)
      await assert.rejects(async () => apiKeys.succeed(record.id, 1, exampleRecord({ id: 'key_2' })))
      assert.deepEqual(await apiKeys.findById(record.id), record)
    })

    it('lists from the oldest on, page after page, of one consumer or all', async () => {
      await using subject = await open()
      const { apiKeys } = subject.store
      const records = Array.from({ length: 7 }, (_, index) =>
        exampleRecord({
          id: `key_${index}`,
          hash: `hash-${index}`,
          consumer: index % 2 === 0 ? 'even' : 'odd',
          createdAt: Math.floor(index / 2),
        }),
      )
      for (const record of records.toReversed()) await apiKeys.insert(record)
      const ids = (page: readonly ApiKeyRecord[]) => page.map((record) => record.id)
      const first = await apiKeys.list({ limit: 3 })
      assert.deepEqual(ids(first), ['key_0', 'key_1', 'key_2'])
      const after = first[2] as ApiKeyRecord
      assert.deepEqual(ids(await apiKeys.list({ limit: 9, after })), ['key_3', 'key_4', 'key_5', 'key_6'])
      assert.deepEqual(ids(await apiKeys.list({ limit: 9, consumer: 'odd' })), ['key_1', 'key_3', 'key_5'])
    })

    it('has another revision after every change and the same one while nothing changes', async () => {
      await using subject = await open()
      const { apiKeys } = subject.store
      const seen = [await apiKeys.revision()]
      const record = exampleRecord()
      const changes = [
        () => apiKeys.insert(record),
        () => apiKeys.setState(record.id, 'disabled', 1),
        () => apiKeys.setState(record.id, 'active', 2),
        () => apiKeys.succeed(record.id, 1, exampleRecord({ id: 'key_2', hash: 'second' })),
      ]
      for (const change of changes) {
        await change()
        seen.push(await apiKeys.revision())
        await apiKeys.list({ limit: 1 })
        await subject.store.quotas.addBatch([{ key: 'a', policy: 'b', periodStart: 0, used: 1 }])
        assert.equal(await apiKeys.revision(), seen.at(-1))
      }
      assert.equal(new Set(seen).size, seen.length)
    })
  })
}

/** A record with every member set, for tests. */
export function exampleRecord(changes: Partial<ApiKeyRecord> = {}): ApiKeyRecord {
  return {
    id: 'key_0000000000000001',
    hash: 'hash',
    display: 'gw_test_7Hk2…',
    environment: 'test',
    consumer: 'acme',
    label: 'Acme "Ω" Ltd',
    tier: 'free',
    scopes: ['orders:read'],
    roles: ['buyer'],
    attributes: { region: 'eu', nested: { list: [1] } },
    state: 'active',
    createdAt: 1_700_000_000_000,
    expiresAt: 1_800_000_000_000,
    changedAt: 1_700_000_000_000,
    successor: undefined,
    ...changes,
  }
}
