import { DiagnosticError, ManualClock } from '@gateward/kernel'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openTestStore, testStoreKek } from '../store/testing.ts'
import { createApiKeyManagement } from './api-key-management.ts'
import { createApiKeys } from './create-api-keys.ts'
import { loadPepper } from './pepper.ts'

const day = 86_400_000
const order = { consumer: 'acme', label: 'Acme', scopes: ['orders:read'], life: 90 * day }

async function openManagement() {
  const subject = await openTestStore()
  const clock = new ManualClock()
  const input = {
    store: subject.store.apiKeys,
    pepper: await loadPepper(subject.directory, [testStoreKek]),
    clock,
    environment: 'test',
  }
  return {
    clock,
    apiKeys: createApiKeys(input),
    management: createApiKeyManagement({ ...input, maximumLife: 365 * day }),
    [Symbol.asyncDispose]: () => subject[Symbol.asyncDispose](),
  }
}

async function mistakeOf(work: () => Promise<unknown>): Promise<string | undefined> {
  const thrown = await work().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(thrown instanceof DiagnosticError, 'it should have been refused')
  assert.ok(thrown.diagnostics[0]?.fix)
  return thrown.diagnostics[0].code
}

describe('managing API keys', () => {
  it('rotates a key to one like it, and the old one works until the overlap is over', async () => {
    await using subject = await openManagement()
    const { management, apiKeys, clock } = subject
    const old = await management.create(order)
    const { key, record } = await management.rotate(old.record.id, { overlap: day, life: 30 * day })
    assert.notEqual(key.reveal(), old.key.reveal())
    assert.deepEqual(
      [record.consumer, record.scopes, record.expiresAt],
      ['acme', ['orders:read'], clock.now() + 30 * day],
    )
    assert.equal((await management.show(old.record.id)).successor, record.id)
    const kinds = async () => [
      (await apiKeys.verify(old.key.reveal())).kind,
      (await apiKeys.verify(key.reveal())).kind,
    ]
    assert.deepEqual(await kinds(), ['known', 'known'])
    clock.advance(day)
    assert.deepEqual(await kinds(), ['refused', 'known'])
  })

  it('lists what was made, without anything secret', async () => {
    await using subject = await openManagement()
    const { key, record } = await subject.management.create(order)
    const listed = await subject.management.list({ limit: 10 })
    assert.deepEqual(listed, [record])
    assert.ok(!JSON.stringify(listed).includes(key.reveal().slice(12)))
  })

  it('revokes twice without complaint, and never takes it back', async () => {
    await using subject = await openManagement()
    const { management } = subject
    const { record } = await management.create(order)
    await management.revoke(record.id)
    assert.equal((await management.revoke(record.id)).state, 'revoked')
    assert.equal(await mistakeOf(() => management.enable(record.id)), 'revoked-api-key')
    assert.equal(await mistakeOf(() => management.disable(record.id)), 'revoked-api-key')
    assert.equal(
      await mistakeOf(() => management.rotate(record.id, { overlap: 0, life: day })),
      'revoked-api-key',
    )
  })

  it('rotates no disabled key', async () => {
    await using subject = await openManagement()
    const { management } = subject
    const { record } = await management.create(order)
    await management.disable(record.id)
    assert.equal(
      await mistakeOf(() => management.rotate(record.id, { overlap: 0, life: day })),
      'disabled-api-key',
    )
  })

  it('says that there is no such key', async () => {
    await using subject = await openManagement()
    const { management } = subject
    for (const act of ['show', 'revoke', 'disable', 'enable'] as const)
      assert.equal(await mistakeOf(() => management[act]('key_none')), 'unknown-api-key')
  })

  const refused: readonly [name: string, changes: Partial<typeof order>, code: string][] = [
    ['lives for ever', { life: Number.POSITIVE_INFINITY }, 'api-key-life'],
    ['lives longer than the maximum', { life: 365 * day + 1 }, 'api-key-life'],
    ['lives for no time', { life: 0 }, 'api-key-life'],
    ['lives for no number', { life: Number.NaN }, 'api-key-life'],
    ['has no consumer', { consumer: '' }, 'api-key-consumer'],
    ['has a consumer that would break a header', { consumer: 'acme\r\nx: y' }, 'api-key-consumer'],
    ['has a scope with a space', { scopes: ['orders read'] }, 'api-key-scope'],
  ]
  for (const [name, changes, code] of refused) {
    it(`makes no key that ${name}`, async () => {
      await using subject = await openManagement()
      assert.equal(await mistakeOf(() => subject.management.create({ ...order, ...changes })), code)
      assert.deepEqual(await subject.management.list({ limit: 1 }), [])
    })
  }
})
