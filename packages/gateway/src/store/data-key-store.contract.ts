import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { DataKeyRecord, DataKeyState } from './data-key-store.ts'
import type { LockedStore } from './store.ts'

/** A store before it has keys, and how it is restarted. */
export interface LockedStoreUnderTest extends AsyncDisposable {
  readonly store: LockedStore
  reopen(): Promise<LockedStore>
}

/** The laws of {@link DataKeyStore}, for one technology. */
export function obeysTheLawsOfDataKeyStores(
  technology: string,
  open: () => Promise<LockedStoreUnderTest>,
): void {
  describe(`data keys in ${technology}`, () => {
    it('lists what was made, whole and oldest first, also after a restart', async () => {
      await using subject = await open()
      const first = exampleDataKey()
      const second = exampleDataKey({
        id: 'dk_2',
        purpose: 'audit',
        algorithm: 'Ed25519',
        createdAt: 2_000,
        publicKey: 'MCow',
      })
      await subject.store.dataKeys.succeed(second, undefined)
      await subject.store.dataKeys.succeed(first, undefined)
      assert.deepEqual(await subject.store.dataKeys.list(), [first, second])
      assert.deepEqual(await (await subject.reopen()).dataKeys.list(), [first, second])
    })

    it('has one active key a purpose: a successor lets the one before only decrypt', async () => {
      await using subject = await open()
      const { dataKeys } = subject.store
      assert.equal(await dataKeys.succeed(exampleDataKey(), undefined), true)
      assert.equal(await dataKeys.succeed(exampleDataKey({ id: 'dk_2', createdAt: 2_000 }), 'dk_1'), true)
      const states = (await dataKeys.list()).map(({ id, state, changedAt }) => [id, state, changedAt])
      assert.deepEqual(states, [
        ['dk_1', 'decrypt-only', 2_000],
        ['dk_2', 'active', 2_000],
      ])
    })

    it('says no, and changes nothing, where another process was faster', async () => {
      await using subject = await open()
      const { dataKeys } = subject.store
      await dataKeys.succeed(exampleDataKey(), undefined)
      for (const predecessor of [undefined, 'dk_0'])
        assert.equal(await dataKeys.succeed(exampleDataKey({ id: 'dk_2' }), predecessor), false)
      assert.deepEqual(await dataKeys.list(), [exampleDataKey()])
      assert.equal((await dataKeys.history()).length, 1)
    })

    it('goes from state to state on the ways there are, and on no others', async () => {
      const ways: readonly (readonly [from: DataKeyState, to: Exclude<DataKeyState, 'active'>])[] = [
        ['decrypt-only', 'retired'],
        ['retired', 'decrypt-only'],
        ['retired', 'destroyed'],
      ]
      for (const from of ['active', 'decrypt-only', 'retired', 'destroyed'] as const)
        for (const to of ['decrypt-only', 'retired', 'destroyed'] as const) {
          await using subject = await open()
          const { dataKeys } = subject.store
          await bring(subject, from)
          const isWay = ways.some(([start, end]) => start === from && end === to)
          assert.equal(await dataKeys.setState('dk_1', to, 9_000), isWay, `${from} to ${to}`)
          const record = (await dataKeys.list()).find(({ id }) => id === 'dk_1')
          assert.equal(record?.state, isWay ? to : from)
          assert.equal(record?.wrapped === undefined, record?.state === 'destroyed')
        }
    })

    it('never brings a destroyed key back, nor wraps anything in its place', async () => {
      await using subject = await open()
      const { dataKeys } = subject.store
      await bring(subject, 'destroyed')
      assert.equal(await dataKeys.rewrap('dk_1', { wrapped: 'again', kek: 'k' }, 9_000), false)
      await assert.rejects(async () => dataKeys.succeed(exampleDataKey({ createdAt: 9_000 }), 'dk_2'))
      const record = (await dataKeys.list()).find(({ id }) => id === 'dk_1')
      assert.deepEqual([record?.state, record?.wrapped], ['destroyed', undefined])
      assert.equal((await dataKeys.list()).find(({ id }) => id === 'dk_2')?.state, 'active')
    })

    it('restores a key that is not there, as active only where it was and there is none, and never over one', async () => {
      await using subject = await open()
      const { dataKeys } = subject.store
      const states = async () => (await dataKeys.list()).map(({ id, state }) => [id, state])
      assert.equal(await dataKeys.restore(exampleDataKey({ id: 'dk_0', state: 'retired' }), 5_000), true)
      assert.equal(await dataKeys.restore(exampleDataKey(), 5_000), true)
      assert.equal(await dataKeys.restore(exampleDataKey({ id: 'dk_2' }), 6_000), true)
      assert.equal(await dataKeys.restore(exampleDataKey({ id: 'dk_2', wrapped: 'other' }), 7_000), false)
      assert.deepEqual(await states(), [
        ['dk_0', 'decrypt-only'],
        ['dk_1', 'active'],
        ['dk_2', 'decrypt-only'],
      ])
      await dataKeys.setState('dk_2', 'retired', 8_000)
      await dataKeys.setState('dk_2', 'destroyed', 9_000)
      assert.equal(await dataKeys.restore(exampleDataKey({ id: 'dk_2' }), 9_500), false)
      assert.deepEqual(
        (await dataKeys.history('dk_2')).map(({ kind }) => kind),
        ['restored', 'retired', 'destroyed'],
      )
    })

    it('puts a key under another key-encryption key', async () => {
      await using subject = await open()
      const { dataKeys } = subject.store
      await dataKeys.succeed(exampleDataKey(), undefined)
      assert.equal(await dataKeys.rewrap('dk_1', { wrapped: 'other', kek: 'vault:x' }, 2_000), true)
      assert.equal(await dataKeys.rewrap('dk_0', { wrapped: 'other', kek: 'vault:x' }, 2_000), false)
      assert.deepEqual(await dataKeys.list(), [exampleDataKey({ wrapped: 'other', kek: 'vault:x' })])
    })

    it('adds messages up and remembers the latest use', async () => {
      await using subject = await open()
      const { dataKeys } = subject.store
      await dataKeys.succeed(exampleDataKey(), undefined)
      assert.equal(await dataKeys.addMessages('dk_1', 5, undefined), 5)
      assert.equal((await dataKeys.list())[0]?.usedAt, undefined)
      assert.equal(await dataKeys.addMessages('dk_1', 2 ** 32, 7_000), 5 + 2 ** 32)
      assert.equal(await dataKeys.addMessages('dk_1', 0, 6_000), 5 + 2 ** 32)
      assert.equal(await dataKeys.addMessages('dk_0', 1, 1), 0)
      const { dataKeys: again } = await subject.reopen()
      const [record] = await again.list()
      assert.deepEqual([record?.messages, record?.usedAt], [5 + 2 ** 32, 7_000])
    })

    it('gives two that add at once different totals', async () => {
      await using subject = await open()
      const { dataKeys } = subject.store
      await dataKeys.succeed(exampleDataKey(), undefined)
      const totals = await Promise.all(
        Array.from({ length: 20 }, async () => dataKeys.addMessages('dk_1', 3, undefined)),
      )
      assert.equal(new Set(totals).size, 20)
      assert.equal(Math.max(...totals), 60)
    })

    it('keeps the history of every change, oldest first', async () => {
      await using subject = await open()
      await bring(subject, 'destroyed')
      const { dataKeys } = await subject.reopen()
      assert.deepEqual(
        (await dataKeys.history('dk_1')).map(({ kind }) => kind),
        ['created', 'decrypt-only', 'retired', 'destroyed'],
      )
      assert.deepEqual(
        (await dataKeys.history()).map(({ keyId }) => keyId),
        ['dk_1', 'dk_1', 'dk_2', 'dk_1', 'dk_1'],
      )
    })

    it('has another revision after a change of state or wrapping, and the same one after a count', async () => {
      await using subject = await open()
      const { dataKeys } = subject.store
      const seen = [await dataKeys.revision()]
      const changes = [
        () => dataKeys.succeed(exampleDataKey(), undefined),
        () => dataKeys.succeed(exampleDataKey({ id: 'dk_2' }), 'dk_1'),
        () => dataKeys.rewrap('dk_1', { wrapped: 'other', kek: 'k' }, 2),
        () => dataKeys.setState('dk_1', 'retired', 3),
        () => dataKeys.setState('dk_1', 'destroyed', 4),
      ]
      for (const change of changes) {
        await change()
        seen.push(await dataKeys.revision())
        await dataKeys.addMessages('dk_2', 1, 1)
        assert.equal(await dataKeys.revision(), seen.at(-1))
      }
      assert.equal(new Set(seen).size, seen.length)
    })
  })
}

/** Makes `dk_1` and brings it into a state. */
async function bring({ store: { dataKeys } }: LockedStoreUnderTest, state: DataKeyState): Promise<void> {
  await dataKeys.succeed(exampleDataKey(), undefined)
  if (state === 'active') return
  await dataKeys.succeed(exampleDataKey({ id: 'dk_2', createdAt: 2_000 }), 'dk_1')
  if (state === 'decrypt-only') return
  await dataKeys.setState('dk_1', 'retired', 3_000)
  if (state === 'destroyed') await dataKeys.setState('dk_1', 'destroyed', 4_000)
}

/** A record as it is inserted, for tests. */
export function exampleDataKey(changes: Partial<DataKeyRecord> = {}): DataKeyRecord {
  return {
    id: 'dk_1',
    purpose: 'store',
    algorithm: 'A256GCM',
    state: 'active',
    createdAt: 1_000,
    changedAt: changes.createdAt ?? 1_000,
    usedAt: undefined,
    messages: 0,
    wrapped: 'wrapped',
    kek: 'file:00000000',
    publicKey: undefined,
    ...changes,
  }
}
