import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, it } from 'node:test'
import { associatedData } from '../crypto/associated-data.ts'
import { openEnvelope, sealEnvelope } from '../crypto/envelope.ts'
import { createDataKey } from './create-data-key.ts'
import { openDataKeys, settleTime } from './open-data-keys.ts'
import { allPurposes } from './purposes.ts'
import { openTestDataKeys, testKek, type TestDataKeys } from './testing.ts'

const place = associatedData('here')
const text = Buffer.from('text')

/** Rotates as another process does. */
async function rotate({ store, kek, clock, keys }: TestDataKeys, purpose: 'fields' | 'audit' = 'fields') {
  const { id } = keys.active(purpose)
  const made = await createDataKey({ store, kek, clock }, purpose, id)
  assert.ok(made)
  return { before: id, after: made.id }
}

describe('data keys', () => {
  it('are made at the first start, one a purpose, and the same ones afterwards', async () => {
    await using bench = await openTestDataKeys()
    const ids = allPurposes.map((purpose) => bench.keys.active(purpose).id)
    assert.equal(new Set(ids).size, allPurposes.length)
    await using again = await openDataKeys(bench)
    assert.deepEqual(
      allPurposes.map((purpose) => again.active(purpose).id),
      ids,
    )
  })

  it('are the same ones for processes that start at once', async () => {
    await using bench = await openTestDataKeys()
    const input = { store: bench.store, kek: bench.kek, clock: { now: Date.now, tick: () => 0 } }
    const opened = await Promise.all([1, 2, 3].map(() => openDataKeys(input)))
    assert.equal(new Set(opened.map((keys) => keys.active('fields').id)).size, 1)
    for (const keys of opened) await keys[Symbol.asyncDispose]()
  })

  it('cannot be opened under another key-encryption key, and say which one is missing', async () => {
    await using bench = await openTestDataKeys()
    const opening = openDataKeys({ ...bench, kek: testKek() })
    await assert.rejects(opening, { code: 'KEK_REFUSED', message: new RegExp(bench.kek.id) })
  })

  it('are opened by a former key-encryption key that is still named', async () => {
    await using bench = await openTestDataKeys()
    await using keys = await openDataKeys({
      store: bench.store,
      clock: bench.clock,
      kek: testKek(),
      formerKeks: [bench.kek],
    })
    assert.equal(keys.active('fields').id, bench.keys.active('fields').id)
  })

  it('decrypt what the key before has encrypted, and encrypt with the new one once everybody knows it', async () => {
    await using bench = await openTestDataKeys()
    const old = sealEnvelope(bench.keys.active('fields'), text, place)
    const { before, after } = await rotate(bench)
    await bench.keys.refresh()
    assert.equal(bench.keys.active('fields').id, before)
    assert.equal(bench.keys.byId(after).id, after)
    bench.clock.advance(settleTime)
    await bench.keys.refresh()
    assert.equal(bench.keys.active('fields').id, after)
    assert.deepEqual(openEnvelope(bench.keys, old, place), text)
    assert.deepEqual(
      bench.keys.usable('fields').map(({ id }) => id),
      [after, before],
    )
  })

  it('follow other processes, and take a new key by themselves when it has settled', async () => {
    await using bench = await openTestDataKeys()
    await bench.keys.follow()
    const { before, after } = await rotate(bench)
    for (let waited = 0; waited < 5_000 && !isKnown(bench, after); waited += 20) await sleep(20)
    assert.equal(bench.keys.active('fields').id, before)
    bench.clock.advance(settleTime)
    for (let waited = 0; waited < 5_000 && bench.keys.active('fields').id === before; waited += 20)
      await sleep(20)
    assert.equal(bench.keys.active('fields').id, after)
  })

  it('that are retired, destroyed or foreign decrypt nothing and say so', async () => {
    await using bench = await openTestDataKeys()
    const dataKeys = bench.store
    const sealed = sealEnvelope(bench.keys.active('fields'), text, place)
    const { before } = await rotate(bench)
    for (const [state, code] of [
      ['retired', 'DATA_KEY_RETIRED'],
      ['destroyed', 'DATA_KEY_DESTROYED'],
    ] as const) {
      await dataKeys.setState(before, state, 1)
      await bench.keys.refresh()
      assert.throws(() => openEnvelope(bench.keys, sealed, place), { code, message: new RegExp(before) })
      assert.equal(bench.keys.usable('fields').length, 1)
    }
    assert.throws(() => bench.keys.byId('dk_none'), { code: 'DATA_KEY_UNKNOWN' })
  })

  it('that are reinstated decrypt again', async () => {
    await using bench = await openTestDataKeys()
    const sealed = sealEnvelope(bench.keys.active('fields'), text, place)
    const { before } = await rotate(bench)
    for (const state of ['retired', 'decrypt-only'] as const) {
      await bench.store.setState(before, state, 1)
      await bench.keys.refresh()
    }
    assert.deepEqual(openEnvelope(bench.keys, sealed, place), text)
  })

  it('go on when the provider is gone, and say that what is new cannot be had', async () => {
    await using bench = await openTestDataKeys()
    const faults: unknown[] = []
    let isDown = false
    const kek = {
      ...bench.kek,
      unwrap: async (wrapped: string, context: string) => {
        if (isDown) throw new Error('no answer')
        return bench.kek.unwrap(wrapped, context)
      },
    }
    await using keys = await openDataKeys({
      store: bench.store,
      kek,
      clock: bench.clock,
      onFault: (thrown) => faults.push(thrown),
    })
    isDown = true
    await rotate(bench)
    await keys.follow()
    for (let waited = 0; waited < 5_000 && faults.length === 0; waited += 20) await sleep(20)
    assert.match(String(faults[0]), /no answer/)
    assert.deepEqual(openEnvelope(keys, sealEnvelope(keys.active('fields'), text, place), place), text)
    isDown = false
    bench.clock.advance(settleTime)
    await keys.refresh()
    assert.notEqual(keys.active('fields').id, bench.keys.active('fields').id)
  })

  it('count their messages and when they were used', async () => {
    await using bench = await openTestDataKeys()
    const { store } = bench
    await using keys = await openDataKeys(bench)
    for (let message = 0; message < 100; message++) sealEnvelope(keys.active('fields'), text, place)
    await keys[Symbol.asyncDispose]()
    const record = (await store.list()).find(({ purpose }) => purpose === 'fields')
    assert.ok(record !== undefined && record.messages >= 100 && record.messages < 500)
    assert.equal(record.usedAt, bench.clock.now())
  })
})

describe('the signer', () => {
  it('signs with the active key and verifies what any key has signed, of destroyed keys too', async () => {
    await using bench = await openTestDataKeys()
    const signer = bench.keys.signer('audit')
    const first = { keyId: signer.keyId, signature: signer.sign(text) }
    await rotate(bench, 'audit')
    bench.clock.advance(settleTime)
    await bench.keys.refresh()
    assert.notEqual(signer.keyId, first.keyId)
    const second = { keyId: signer.keyId, signature: signer.sign(text) }
    for (const state of ['retired', 'destroyed'] as const) await bench.store.setState(first.keyId, state, 1)
    await bench.keys.refresh()
    for (const { keyId, signature } of [first, second]) {
      assert.equal(signer.verify(keyId, text, signature), true)
      assert.equal(signer.verify(keyId, Buffer.from('other'), signature), false)
      assert.match(signer.publicKeys().get(keyId) ?? '', /BEGIN PUBLIC KEY/)
    }
    assert.equal(signer.verify(first.keyId, text, second.signature), false)
    assert.equal(signer.verify('dk_none', text, first.signature), false)
  })
})

function isKnown({ keys }: TestDataKeys, id: string): boolean {
  try {
    return keys.byId(id).id === id
  } catch {
    return false
  }
}
