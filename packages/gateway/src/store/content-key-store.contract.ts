import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ContentKeyStore } from './content-key-store.ts'
import type { TestStore } from './testing.ts'

/** The laws of {@link ContentKeyStore}, for one technology. */
export function obeysTheLawsOfContentKeyStores(technology: string, open: () => Promise<TestStore>): void {
  describe(`content keys in ${technology}`, () => {
    it('are made when they are first asked for, and are the same ever after', async () => {
      await using subject = await open()
      assert.equal(await subject.store.contentKeys.find('records 1'), undefined)
      const made = await provide(subject.store.contentKeys, 'records 1')
      assert.equal(made.length, 32)
      assert.deepEqual(await provide(subject.store.contentKeys, 'records 1'), made)
      assert.deepEqual(await provide((await subject.reopen()).contentKeys, 'records 1'), made)
    })

    it('never touch each other, and are gone for ever when they are removed', async () => {
      await using subject = await open()
      const { contentKeys } = subject.store
      const names = ['', 'a', 'A', "a' or '1'='1", 'a\u0000b', 'ä']
      const keys = new Map<string, Buffer>()
      for (const name of names) keys.set(name, await provide(contentKeys, name, 64))
      assert.equal(new Set([...keys.values()].map((key) => key.toString('hex'))).size, names.length)
      await contentKeys.remove('a')
      assert.equal(await contentKeys.find('a'), undefined)
      for (const name of names.filter((each) => each !== 'a'))
        assert.deepEqual(await provide(contentKeys, name, 64), keys.get(name), name)
      assert.notDeepEqual(await provide(contentKeys, 'a', 64), keys.get('a'))
    })

    it('come under the next key of the store like every sealed value', async () => {
      await using subject = await open()
      const { contentKeys, sealed } = subject.store
      const made = await provide(contentKeys, 'records 1')
      const active = await subject.rotate('store')
      assert.deepEqual(await provide(contentKeys, 'records 1'), made)
      assert.equal(await sealed.reseal(10), 1)
      assert.deepEqual([...(await sealed.countByKey())], [[active, 1]])
      assert.deepEqual(await provide(contentKeys, 'records 1'), made)
    })
  })
}

async function provide(keys: ContentKeyStore, name: string, bytes = 32): Promise<Buffer> {
  return (await keys.provide(name, bytes)).reveal().export()
}
