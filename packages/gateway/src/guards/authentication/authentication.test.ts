import { ManualClock } from '@gateward/kernel'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { openTestExchange } from '../../exchange/testing.ts'
import { createApiKeyManagement } from '../../keyring/api-key-management.ts'
import { createApiKeys } from '../../keyring/create-api-keys.ts'
import { createIssuerKeys } from '../../keyring/create-issuer-keys.ts'
import { loadPepper } from '../../keyring/pepper.ts'
import { openTestStore, testStoreKek } from '../../store/testing.ts'
import { compileTestGuard, decide, TestIssuer, testNow } from './testing.ts'

/** The guard over a real store and an identity provider on this machine, which can be switched off. */
async function openHouse() {
  const stack = new AsyncDisposableStack()
  const subject = stack.use(await openTestStore())
  const clock = new ManualClock(testNow * 1_000)
  const provider = { up: true, issuer: new TestIssuer() }
  const server = createServer((_, response) => {
    response.writeHead(provider.up ? 200 : 503).end(provider.up ? JSON.stringify(provider.issuer.jwks) : '')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const issuerKeys = stack.use(createIssuerKeys({ clock }))
  const input = {
    store: subject.store.apiKeys,
    pepper: await loadPepper(subject.directory, [testStoreKek]),
    environment: 'test',
    clock,
  }
  const jwks = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
  const open = () =>
    compileTestGuard({
      withoutContract: true,
      services: { clock, issuerKeys, apiKeys: createApiKeys(input) },
      settings: {
        issuers: [{ issuer: provider.issuer.name, audience: 'shop', algorithms: ['ES256', 'RS256'], jwks }],
      },
    }).guard
  return {
    clock,
    provider,
    open,
    management: createApiKeyManagement({ ...input, maximumLife: 86_400_000 }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

describe('authentication with all its parts', () => {
  it('knows keys of the store and tokens of the issuer, and refuses both once they have ended', async () => {
    await using house = await openHouse()
    const guard = house.open()
    const { key } = await house.management.create({ consumer: 'acme', label: 'Acme', life: 900_000 })
    const requests = [
      { 'x-api-key': key.reveal() },
      { authorization: `Bearer ${house.provider.issuer.token()}` },
    ]
    const ask = () =>
      Promise.all(
        requests.map(async (headers) => {
          const exchange = openTestExchange({ headers })
          const verdict = await decide(guard, exchange)
          return verdict.kind === 'pass' && exchange.principal.kind === 'known'
            ? exchange.principal.consumer
            : verdict.kind
        }),
      )
    assert.deepEqual(await ask(), ['acme', 'https://id.example|ada'])
    house.clock.advance(605_000)
    assert.deepEqual(await ask(), ['acme', 'refuse'])
    house.clock.advance(295_000)
    assert.deepEqual(await ask(), ['refuse', 'refuse'])
  })

  it('goes on with the keys it has while the issuer is down', async () => {
    await using house = await openHouse()
    const guard = house.open()
    const ask = async (token: string) =>
      (await decide(guard, openTestExchange({ headers: { authorization: `Bearer ${token}` } }))).kind
    const { issuer } = house.provider
    assert.equal(await ask(issuer.token()), 'pass')
    house.provider.up = false
    house.clock.advance(60_000)
    assert.equal(await ask(issuer.token({ header: { kid: 'new' } })), 'refuse')
    assert.equal(await ask(issuer.token()), 'pass')
  })

  it('starts without the issuer: keys work, tokens are told to come back', async () => {
    await using house = await openHouse()
    house.provider.up = false
    const guard = house.open()
    const { key } = await house.management.create({ consumer: 'acme', label: 'Acme', life: 900_000 })
    const token = { authorization: `Bearer ${house.provider.issuer.token()}` }
    assert.equal(
      (await decide(guard, openTestExchange({ headers: { 'x-api-key': key.reveal() } }))).kind,
      'pass',
    )
    await assert.rejects(decide(guard, openTestExchange({ headers: token })), {
      code: 'AUTHENTICATION_UNAVAILABLE',
      retryable: true,
    })
  })
})
