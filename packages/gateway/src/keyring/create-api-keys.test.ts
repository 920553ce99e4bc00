import { ManualClock } from '@gateward/kernel'
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { ApiKeyStore } from '../store/api-key-store.ts'
import { openTestStore, openWithKeys, testStoreKek } from '../store/testing.ts'
import { generateApiKey } from './api-key-format.ts'
import { createApiKeyManagement, type ApiKeyManagementInput } from './api-key-management.ts'
import type { ApiKeys, ApiKeyVerdict } from './api-keys.ts'
import { createApiKeys } from './create-api-keys.ts'
import { loadPepper } from './pepper.ts'

const day = 86_400_000
const order = { consumer: 'acme', label: 'Acme', life: 90 * day }

/** A real store, pepper and clock, and both sides of API keys over them. */
async function openKeys(changes: Partial<ApiKeyManagementInput> = {}) {
  const subject = await openTestStore()
  const clock = new ManualClock()
  const pepper = await loadPepper(subject.directory, [testStoreKek])
  const { apiKeys: store } = subject.store
  const input = { store, pepper, clock, environment: 'test', maximumLife: 365 * day, ...changes }
  return {
    ...input,
    clock,
    directory: subject.directory,
    apiKeys: createApiKeys(input),
    management: createApiKeyManagement(input),
    [Symbol.asyncDispose]: () => subject[Symbol.asyncDispose](),
  }
}

function verify(apiKeys: ApiKeys, key: string): string {
  const verdict = apiKeys.verify(key)
  assert.ok(!(verdict instanceof Promise), 'the embedded store answers at once')
  return wordOf(verdict)
}

function wordOf(verdict: ApiKeyVerdict): string {
  return verdict.kind === 'known' ? verdict.key.consumer : verdict.refusal
}

describe('an API key', () => {
  it('is known from the moment it is made, with all that was ordered', async () => {
    await using keys = await openKeys()
    const { key, record } = await keys.management.create({
      ...order,
      tier: 'pro',
      scopes: ['orders:read'],
      roles: ['buyer'],
      attributes: { region: 'eu' },
    })
    const verdict = await keys.apiKeys.verify(key.reveal())
    assert.deepEqual(verdict, {
      kind: 'known',
      key: {
        id: record.id,
        display: `${key.reveal().slice(0, 12)}…`,
        consumer: 'acme',
        label: 'Acme',
        tier: 'pro',
        scopes: new Set(['orders:read']),
        roles: new Set(['buyer']),
        attributes: { region: 'eu' },
        expiresAt: keys.clock.now() + 90 * day,
      },
    })
  })

  it('is the same standing every time, so that what is derived from it can be kept', async () => {
    await using keys = await openKeys()
    const { key } = await keys.management.create(order)
    const first = await keys.apiKeys.verify(key.reveal())
    assert.equal(await keys.apiKeys.verify(key.reveal()), first)
  })

  it('ends at its time, to the millisecond', async () => {
    await using keys = await openKeys()
    const { key } = await keys.management.create({ ...order, life: 1_000 })
    keys.clock.advance(999)
    assert.equal(verify(keys.apiKeys, key.reveal()), 'acme')
    keys.clock.advance(1)
    assert.equal(verify(keys.apiKeys, key.reveal()), 'expired')
  })

  it('that nobody was given is refused, and so is any other text', async () => {
    await using keys = await openKeys()
    const { key } = await keys.management.create(order)
    assert.equal(verify(keys.apiKeys, generateApiKey('test').reveal()), 'unknown')
    assert.equal(verify(keys.apiKeys, generateApiKey('live').reveal()), 'environment')
    assert.equal(
      verify(
        keys.apiKeys,
        key.reveal().replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')),
      ),
      'checksum',
    )
    assert.equal(verify(keys.apiKeys, "' or 1=1 --"), 'malformed')
    assert.equal(verify(keys.apiKeys, ''), 'malformed')
  })

  it('lends nothing to any other text once it is known', async () => {
    await using keys = await openKeys()
    const { key } = await keys.management.create(order)
    const text = key.reveal()
    assert.equal(verify(keys.apiKeys, text), 'acme')
    for (let index = 0; index < text.length; index++) {
      const other = text[index] === 'a' ? 'b' : 'a'
      assert.notEqual(
        verify(keys.apiKeys, text.slice(0, index) + other + text.slice(index + 1)),
        'acme',
        `another character at ${index}`,
      )
    }
    for (const longer of [
      `${text} `,
      ` ${text}`,
      `${text}\u0000`,
      text + text,
      text.slice(1),
      text.toUpperCase(),
    ])
      assert.notEqual(verify(keys.apiKeys, longer), 'acme')
    assert.equal(verify(keys.apiKeys, text), 'acme')
  })

  it('of one environment is refused in another, over the same store', async () => {
    await using keys = await openKeys()
    const { key } = await keys.management.create(order)
    const live = createApiKeys({ ...keys, environment: 'live' })
    assert.equal(verify(live, key.reveal()), 'environment')
  })

  it('is worth nothing under another pepper', async () => {
    await using keys = await openKeys()
    const { key } = await keys.management.create(order)
    const other = createApiKeys({
      ...keys,
      pepper: await loadPepper(join(keys.directory, 'other'), [testStoreKek]),
    })
    assert.equal(verify(other, key.reveal()), 'unknown')
  })

  for (const [act, expected] of [
    ['revoke', 'revoked'],
    ['disable', 'disabled'],
  ] as const) {
    it(`is refused soon after ${act}, also where another process did it`, async () => {
      await using keys = await openKeys()
      const { key, record } = await keys.management.create(order)
      assert.equal(verify(keys.apiKeys, key.reveal()), 'acme')
      await using elsewhere = await openWithKeys(keys.directory)
      await createApiKeyManagement({ ...keys, store: elsewhere.store.apiKeys })[act](record.id)
      keys.clock.advance(20)
      assert.equal(verify(keys.apiKeys, key.reveal()), expected)
    })
  }

  it('works again after enable', async () => {
    await using keys = await openKeys()
    const { key, record } = await keys.management.create(order)
    await keys.management.disable(record.id)
    assert.equal(verify(keys.apiKeys, key.reveal()), 'disabled')
    await keys.management.enable(record.id)
    keys.clock.advance(20)
    assert.equal(verify(keys.apiKeys, key.reveal()), 'acme')
  })

  it('lies nowhere on the disk, and neither does its pepper as it is', async () => {
    await using keys = await openKeys()
    const { key } = await keys.management.create(order)
    assert.equal(verify(keys.apiKeys, key.reveal()), 'acme')
    const pepper = readFileSync(join(keys.directory, 'keyring', 'pepper'))
    const secret = key.reveal().slice('gw_test_'.length + 4, -7)
    const files = readdirSync(keys.directory).filter((name) => name.startsWith('gateward.sqlite'))
    assert.ok(files.length > 1)
    for (const name of files) {
      const bytes = readFileSync(join(keys.directory, name))
      assert.ok(!bytes.includes(secret), `${name} holds the key`)
      for (const form of [
        pepper,
        pepper.toString('hex'),
        pepper.toString('base64'),
        pepper.toString('base64url'),
      ])
        assert.ok(!bytes.includes(form), `${name} holds the pepper`)
    }
  })
})

describe('a store that cannot be asked', () => {
  const broken: Pick<ApiKeyStore, 'revision' | 'findByHash'>[] = [
    { revision: () => raise(), findByHash: () => undefined },
    { revision: () => 1, findByHash: () => raise() },
    { revision: async () => raise(), findByHash: async () => undefined },
    { revision: async () => 1, findByHash: async () => raise() },
  ]
  function raise(): never {
    throw new Error('disk I/O error')
  }

  for (const [number, methods] of broken.entries()) {
    it(`makes authentication unavailable and lets nobody in (${number + 1})`, async () => {
      await using keys = await openKeys()
      const apiKeys = createApiKeys({ ...keys, store: { ...keys.store, ...methods } })
      const key = generateApiKey('test').reveal()
      await assert.rejects(async () => apiKeys.verify(key), {
        name: 'Fault',
        code: 'AUTHENTICATION_UNAVAILABLE',
        retryable: true,
      })
    })
  }
})

describe('a store that answers later', () => {
  /** The embedded store as one over a network would answer. */
  function asLater(store: ApiKeyStore): ApiKeyStore {
    return {
      revision: async () => store.revision(),
      findByHash: async (hash) => store.findByHash(hash),
      findById: async (id) => store.findById(id),
      list: async (page) => store.list(page),
      insert: async (record) => store.insert(record),
      setState: async (id, state, at) => store.setState(id, state, at),
      succeed: async (id, endsAt, successor) => store.succeed(id, endsAt, successor),
    }
  }

  it('is asked again only after a while, and forgets what was revoked', async () => {
    await using keys = await openKeys()
    const apiKeys = createApiKeys({ ...keys, store: asLater(keys.store) })
    const { key, record } = await keys.management.create(order)
    assert.equal(wordOf(await apiKeys.verify(key.reveal())), 'acme')
    assert.ok(!(apiKeys.verify(key.reveal()) instanceof Promise))
    await keys.management.revoke(record.id)
    keys.clock.advance(20)
    const verdicts = [1, 2, 3].map(async () => wordOf(await apiKeys.verify(key.reveal())))
    assert.deepEqual(await Promise.all(verdicts), ['revoked', 'revoked', 'revoked'])
  })
})
