import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { KeyEncryptionKey } from './key-encryption-key.ts'

/** A provider under test: the same key opened anew each time. */
export interface ProviderUnderTest extends AsyncDisposable {
  open(): Promise<KeyEncryptionKey>
  /** Another key of the same provider. */
  openOther(): Promise<KeyEncryptionKey>
}

/** The laws of {@link KeyEncryptionKey}, for one provider. */
export function obeysTheLawsOfKeyEncryptionKeys(name: string, start: () => Promise<ProviderUnderTest>): void {
  describe(`the key-encryption key of ${name}`, () => {
    const material = Buffer.from(Array.from({ length: 64 }, (_, index) => 255 - index))

    it('gives back what it wrapped, also when it is opened anew, and has the same id', async () => {
      await using provider = await start()
      const [first, second] = [await provider.open(), await provider.open()]
      assert.equal(first.id, second.id)
      for (const length of [1, 32, 64]) {
        const bytes = material.subarray(0, length)
        const wrapped = await first.wrap(bytes, 'context')
        assert.deepEqual(await second.unwrap(wrapped, 'context'), Buffer.from(bytes))
      }
    })

    it('wraps the same bytes differently each time, and shows nothing of them', async () => {
      await using provider = await start()
      const kek = await provider.open()
      const wrapped = [await kek.wrap(material, 'context'), await kek.wrap(material, 'context')]
      assert.notEqual(wrapped[0], wrapped[1])
      for (const text of wrapped)
        for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const)
          assert.ok(!text.includes(material.toString(encoding, 0, 12)))
    })

    it('unwraps for no other context, nor what was changed, nor what another key wrapped', async () => {
      await using provider = await start()
      const kek = await provider.open()
      const other = await provider.openOther()
      assert.notEqual(other.id, kek.id)
      const wrapped = await kek.wrap(material, 'context')
      const refused = { name: 'Fault', code: 'KEK_REFUSED' }
      await assert.rejects(kek.unwrap(wrapped, 'contexT'), refused)
      await assert.rejects(other.unwrap(wrapped, 'context'), refused)
      await assert.rejects(kek.unwrap('', 'context'), refused)
      for (const index of [-1, -8, Math.floor(wrapped.length / 2) - wrapped.length]) {
        const at = wrapped.length + index
        const forged = `${wrapped.slice(0, at)}${wrapped[at] === 'A' ? 'B' : 'A'}${wrapped.slice(at + 1)}`
        await assert.rejects(kek.unwrap(forged, 'context'), refused)
      }
    })
  })
}
