import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ConfigurationStore } from './configuration-store.ts'
import type { Store } from './store.ts'

/** The laws of {@link ConfigurationStore}, for one technology. */
export function obeysTheLawsOfConfigurationStores(
  technology: string,
  open: () => Promise<AsyncDisposable & { readonly store: Store }>,
): void {
  describe(`configurations in ${technology}`, () => {
    it('are numbered in the order in which they ran, and found by number', async () => {
      await using subject = await open()
      const { configurations } = subject.store
      await add(configurations, 'a', 'one')
      const second = await add(configurations, 'b', undefined)
      assert.equal(second.number, 2)
      assert.deepEqual(await configurations.find(2), second)
      assert.deepEqual(
        (await configurations.list(10)).map(({ number, text }) => [number, text]),
        [
          [2, undefined],
          [1, 'one'],
        ],
      )
    })

    it('are not added again where nothing changed, and are where one comes back', async () => {
      await using subject = await open()
      const { configurations } = subject.store
      const numbers: number[] = []
      for (const hash of ['a', 'a', 'b', 'a']) numbers.push((await add(configurations, hash, hash)).number)
      assert.deepEqual(numbers, [1, 1, 2, 3])
    })

    it('are kept up to a number', async () => {
      await using subject = await open()
      const { configurations } = subject.store
      for (const hash of ['a', 'b', 'c', 'd', 'e']) await add(configurations, hash, hash)
      assert.deepEqual(
        (await configurations.list(10)).map(({ number }) => number),
        [5, 4, 3],
      )
    })
  })
}

function add(store: ConfigurationStore, hash: string, text: string | undefined) {
  return store.add({ at: 1, hash, actor: 'ada', source: 'test', reason: '', text }, 3)
}
