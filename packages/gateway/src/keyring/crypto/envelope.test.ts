import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestDataKeys } from '../data-keys/testing.ts'
import type { DataKeyPurpose } from '../data-keys/purposes.ts'
import { associatedData } from './associated-data.ts'
import { openEnvelope, parseEnvelope, sealEnvelope } from './envelope.ts'

const place = associatedData('acme', 'orders', 'email')
const text = Buffer.from('ada@example.com')
const unreadable = { name: 'Fault', code: 'ENVELOPE_UNREADABLE' }
const sealing = ['fields', 'fields-deterministic'] as const satisfies readonly DataKeyPurpose[]

for (const purpose of sealing)
  describe(`an envelope for ${purpose}`, () => {
    it('gives back any bytes for any place', async () => {
      await using bench = await openTestDataKeys()
      const bytes = fc.uint8Array({ maxLength: 300 })
      fc.assert(
        fc.property(bytes, fc.array(fc.string()), (plaintext, parts) => {
          const sealed = sealEnvelope(bench.keys.active(purpose), plaintext, associatedData(...parts))
          assert.deepEqual([...openEnvelope(bench.keys, sealed, associatedData(...parts))], [...plaintext])
        }),
      )
    })

    it('cannot be opened when any one of its characters is another, missing, or too many', async () => {
      await using bench = await openTestDataKeys()
      const sealed = sealEnvelope(bench.keys.active(purpose), text, place)
      const changed = sealed
        .split('')
        .flatMap((character, index) => [
          sealed.slice(0, index) + (character === 'A' ? 'B' : 'A') + sealed.slice(index + 1),
          sealed.slice(0, index) + sealed.slice(index + 1),
          `${sealed.slice(0, index)}A${sealed.slice(index)}`,
        ])
      for (const forged of [...changed, `${sealed}=`, `${sealed}A`, ` ${sealed}`, sealed.replace('v1', 'v2')])
        assert.throws(() => openEnvelope(bench.keys, forged, place), { name: 'Fault' }, forged)
    })

    it('cannot be opened when any one bit of its bytes is another', async () => {
      await using bench = await openTestDataKeys()
      const key = bench.keys.active(purpose)
      const sealed = sealEnvelope(key, text, place)
      const message = parseEnvelope(sealed)?.message ?? Buffer.alloc(0)
      for (let bit = 0; bit < message.length * 8; bit++) {
        const forged = Buffer.from(message)
        forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const envelope = `enc:v1:${key.id}:${forged.toString('base64url')}`
        assert.throws(() => openEnvelope(bench.keys, envelope, place), unreadable)
      }
    })

    it('cannot be moved to another place', async () => {
      await using bench = await openTestDataKeys()
      const sealed = sealEnvelope(bench.keys.active(purpose), text, place)
      for (const other of [
        associatedData(),
        associatedData('acme', 'orders', 'name'),
        associatedData('acme', 'orders'),
        associatedData('acme', 'ordersemail', ''),
        Buffer.concat([place, Buffer.of(0)]),
      ])
        assert.throws(() => openEnvelope(bench.keys, sealed, other), unreadable)
    })

    it('cannot be opened under another key of the same purpose', async () => {
      await using bench = await openTestDataKeys()
      await using other = await openTestDataKeys()
      const sealed = sealEnvelope(bench.keys.active(purpose), text, place)
      const renamed = sealed.replace(bench.keys.active(purpose).id, other.keys.active(purpose).id)
      assert.throws(() => openEnvelope(other.keys, renamed, place), unreadable)
      assert.throws(() => openEnvelope(other.keys, sealed, place), { code: 'DATA_KEY_UNKNOWN' })
    })
  })

describe('envelopes', () => {
  it('differ each time where they are random, and never where they are deterministic', async () => {
    await using bench = await openTestDataKeys()
    const make = (purpose: DataKeyPurpose) =>
      new Set(Array.from({ length: 50 }, () => sealEnvelope(bench.keys.active(purpose), text, place))).size
    assert.deepEqual(sealing.map(make), [50, 1])
  })

  it('are made by no key that signs or indexes', async () => {
    await using bench = await openTestDataKeys()
    for (const purpose of ['audit', 'fields-index', 'store-index'] as const)
      assert.throws(() => sealEnvelope(bench.keys.active(purpose), text, place), unreadable)
  })

  it('are told from any other text', () => {
    for (const other of ['', 'enc:v1:', 'enc:v1:dk_1', 'enc:v1:dk_1:', 'enc:v1:dk_1:a b', 'enc:v2:dk_1:AAAA'])
      assert.equal(parseEnvelope(other), undefined, other)
    assert.deepEqual(parseEnvelope('enc:v1:dk_1:AAAA'), { keyId: 'dk_1', message: Buffer.alloc(3) })
  })
})
