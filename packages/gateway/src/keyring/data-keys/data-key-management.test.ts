import { DiagnosticError, systemClock } from '@gateward/kernel'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { exampleRecord } from '../../store/api-key-store.contract.ts'
import { openTestStore, testStoreKek, type TestStore } from '../../store/testing.ts'
import { createDataKeyManagement } from './data-key-management.ts'

function manage({ store }: TestStore) {
  return createDataKeyManagement({ store, kek: testStoreKek, clock: systemClock })
}

async function mistakeOf(act: () => Promise<unknown>): Promise<string> {
  try {
    await act()
  } catch (thrown) {
    const [diagnostic] = thrown instanceof DiagnosticError ? thrown.diagnostics : []
    assert.ok(diagnostic?.fix !== undefined && diagnostic.fix !== '', String(thrown))
    return diagnostic.code
  }
  return 'none'
}

describe('managing data keys', () => {
  it('rotates: the new key is active, the one before decrypts', async () => {
    await using subject = await openTestStore()
    const management = manage(subject)
    const { made, before } = await management.rotate('fields')
    const states = new Map((await management.list()).map(({ id, state }) => [id, state]))
    assert.deepEqual([states.get(made.id), states.get(before.id)], ['active', 'decrypt-only'])
  })

  it('rotates no index of the store, and nothing that there is not', async () => {
    await using subject = await openTestStore()
    const management = manage(subject)
    assert.equal(await mistakeOf(() => management.rotate('store-index')), 'fixed-data-key')
    assert.equal(await mistakeOf(() => management.rotate('feilds')), 'unknown-purpose')
    for (const act of ['retire', 'reinstate'] as const)
      assert.equal(await mistakeOf(() => management[act]('dk_none')), 'unknown-data-key')
  })

  it('retires no active key, and none under which values are', async () => {
    await using subject = await openTestStore()
    const management = manage(subject)
    await subject.store.apiKeys.insert(exampleRecord())
    const before = subject.keys.active('store').id
    assert.equal(await mistakeOf(() => management.retire(before)), 'data-key-state')
    await subject.rotate('store')
    assert.equal(await mistakeOf(() => management.retire(before)), 'data-key-needed')
    while ((await subject.store.sealed.reseal(10)) > 0);
    assert.equal((await management.retire(before)).state, 'retired')
  })

  it('destroys only what is retired, unneeded and confirmed, and says so each time', async () => {
    await using subject = await openTestStore()
    const management = manage(subject)
    const { before } = await management.rotate('fields')
    assert.equal(await mistakeOf(() => management.destroy(before.id, before.id)), 'data-key-state')
    await management.retire(before.id)
    for (const confirm of [undefined, '', 'yes', 'dk_other'])
      assert.equal(await mistakeOf(() => management.destroy(before.id, confirm)), 'unconfirmed')
    const destroyed = await management.destroy(before.id, before.id)
    assert.deepEqual([destroyed.state, destroyed.wrapped], ['destroyed', undefined])
    assert.equal(await mistakeOf(() => management.destroy(before.id, before.id)), 'data-key-state')
    assert.equal(await mistakeOf(() => management.reinstate(before.id)), 'data-key-state')
  })

  it('destroys nothing that was asked for since it was retired, until it was reinstated and retired again', async () => {
    await using subject = await openTestStore()
    const management = manage(subject)
    const { before } = await management.rotate('fields')
    const { changedAt } = await management.retire(before.id)
    await subject.store.dataKeys.addMessages(before.id, 0, changedAt + 5)
    assert.equal(await mistakeOf(() => management.destroy(before.id, before.id)), 'data-key-needed')
    assert.equal((await management.reinstate(before.id)).state, 'decrypt-only')
  })
})
