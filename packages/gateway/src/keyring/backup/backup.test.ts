import { DiagnosticError, ManualClock, Secret } from '@gateward/kernel'
import { createSecretKey } from 'node:crypto'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestLockedStore } from '../../store/testing.ts'
import { associatedData } from '../crypto/associated-data.ts'
import { openEnvelope, sealEnvelope } from '../crypto/envelope.ts'
import { openDataKeys } from '../data-keys/open-data-keys.ts'
import { openTestDataKeys, testKek, type TestDataKeys } from '../data-keys/testing.ts'
import { gatherBackup } from './backup-content.ts'
import { readBackup, writeBackup, type BackupLock } from './backup-file.ts'
import { restoreKeys } from './restore-keys.ts'

const passphrase = new Secret('correct horse battery staple')
const byPassphrase: BackupLock = { kind: 'passphrase', passphrase }
const pepper = new Secret(createSecretKey(Buffer.alloc(32, 5)))

async function backUp(bench: TestDataKeys, lock: BackupLock) {
  return writeBackup(await gatherBackup(bench.store, [bench.kek], pepper, 1), lock)
}

async function mistakeOf(act: () => Promise<unknown>): Promise<string> {
  try {
    await act()
  } catch (thrown) {
    assert.ok(thrown instanceof DiagnosticError, String(thrown))
    return thrown.diagnostics[0]?.code ?? ''
  }
  return 'none'
}

describe('a backup of the keyring', () => {
  it('brings every key back into an empty store, and what they encrypted can be read', async () => {
    await using bench = await openTestDataKeys()
    const sealed = sealEnvelope(bench.keys.active('fields'), Buffer.from('text'), associatedData('here'))
    const { text } = await backUp(bench, byPassphrase)
    const content = await readBackup(text, { passphrase, shares: [] })
    assert.equal(content.pepper, Buffer.alloc(32, 5).toString('base64'))
    await using elsewhere = await openTestLockedStore()
    const kek = testKek()
    const store = elsewhere.store.dataKeys
    const restored = await restoreKeys(store, content, [kek], bench.clock)
    assert.equal(restored.added.length, content.keys.length)
    await using keys = await openDataKeys({ store, kek, clock: new ManualClock(Date.now()) })
    assert.equal(openEnvelope(keys, sealed, associatedData('here')).toString(), 'text')
    assert.equal(keys.active('store-index').id, bench.keys.active('store-index').id)
    assert.notEqual(keys.active('fields').id, bench.keys.active('fields').id)
  })

  it('saves a store of which the key-encryption key is lost', async () => {
    await using bench = await openTestDataKeys()
    const { text } = await backUp(bench, byPassphrase)
    const kek = testKek()
    await assert.rejects(openDataKeys({ ...bench, kek }), { code: 'KEK_REFUSED' })
    const content = await readBackup(text, { passphrase, shares: [] })
    const restored = await restoreKeys(bench.store, content, [kek], bench.clock)
    assert.deepEqual([restored.added.length, restored.rewrapped.length], [0, content.keys.length])
    await using keys = await openDataKeys({ ...bench, kek })
    assert.equal(keys.active('fields').id, bench.keys.active('fields').id)
    const again = await restoreKeys(bench.store, content, [kek], bench.clock)
    assert.equal(again.untouched.length, content.keys.length)
  })

  it('that is older than a key of the store changes nothing and names the key', async () => {
    await using bench = await openTestDataKeys()
    const content = await gatherBackup(bench.store, [bench.kek], undefined, 1)
    const older = { ...content, keys: content.keys.filter(({ purpose }) => purpose !== 'audit') }
    const before = await bench.store.list()
    assert.equal(
      await mistakeOf(() => restoreKeys(bench.store, older, [testKek()], bench.clock)),
      'backup-too-old',
    )
    assert.deepEqual(await bench.store.list(), before)
  })

  it('never brings a destroyed key back', async () => {
    await using bench = await openTestDataKeys()
    const content = await gatherBackup(bench.store, [bench.kek], undefined, 1)
    const [first] = content.keys
    assert.ok(first !== undefined)
    await bench.store.succeed({ ...(await bench.store.list())[0]!, id: 'dk_next' }, first.id)
    for (const state of ['retired', 'destroyed'] as const) await bench.store.setState(first.id, state, 2)
    const others = { ...content, keys: [first] }
    const restored = await restoreKeys(bench.store, others, [bench.kek], bench.clock).catch(() => undefined)
    assert.deepEqual(restored?.added ?? [], [])
    assert.equal((await bench.store.list()).find(({ id }) => id === first.id)?.state, 'destroyed')
  })

  it('opens with no other passphrase, and shows no key', async () => {
    await using bench = await openTestDataKeys()
    const { text } = await backUp(bench, byPassphrase)
    const other = new Secret('correct horse battery stapler')
    assert.equal(await mistakeOf(() => readBackup(text, { passphrase: other, shares: [] })), 'backup-locked')
    assert.equal(
      await mistakeOf(() => readBackup(text, { passphrase: undefined, shares: [] })),
      'backup-locked',
    )
    const { keys } = await gatherBackup(bench.store, [bench.kek], undefined, 1)
    for (const { material, id } of keys) assert.ok(!text.includes(material) && !text.includes(id))
  })

  it('opens with any k of n shares, in any order, and with no fewer, foreign or mistyped ones', async () => {
    await using bench = await openTestDataKeys()
    const lock: BackupLock = { kind: 'shares', terms: { shares: 5, threshold: 3 } }
    const { text, shares } = await backUp(bench, lock)
    const read = (some: readonly (string | undefined)[]) =>
      readBackup(text, { passphrase: undefined, shares: some.map((share) => share ?? '') })
    for (const some of [
      [0, 1, 2],
      [4, 2, 0],
      [3, 4, 1],
      [0, 1, 2, 3, 4],
    ])
      assert.equal((await read(some.map((index) => shares[index]))).keys.length, 6)
    assert.equal(await mistakeOf(() => read(shares.slice(0, 2))), 'too-few-shares')
    assert.equal(await mistakeOf(() => read([shares[0], shares[0], shares[0]])), 'too-few-shares')
    const mistyped = (shares[0] ?? '').replace(/.(?=:[0-9a-f]{8}$)/, (last) => (last === 'A' ? 'B' : 'A'))
    assert.equal(await mistakeOf(() => read([mistyped, shares[1], shares[2]])), 'damaged-share')
    const foreign = (await backUp(bench, lock)).shares
    assert.equal(await mistakeOf(() => read([shares[0], shares[1], foreign[2]])), 'foreign-share')
  })

  it('whose file was changed anywhere does not open', async () => {
    await using bench = await openTestDataKeys()
    const { text } = await backUp(bench, { kind: 'shares', terms: { shares: 2, threshold: 2 } })
    for (let index = 0; index < text.length; index += 97) {
      const forged = `${text.slice(0, index)}${text[index] === 'A' ? 'B' : 'A'}${text.slice(index + 1)}`
      assert.notEqual(await mistakeOf(() => readBackup(forged, { passphrase, shares: [] })), 'none')
    }
    assert.equal(await mistakeOf(() => readBackup('{}', { passphrase, shares: [] })), 'no-backup')
  })
})
