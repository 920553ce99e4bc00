import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { becomeAdmin, openAdminClient, type AdminClient } from './admin-client.ts'
import { startGate } from './start-gate.ts'
import { startOpenIdProvider, type Person } from './start-openid-provider.ts'

const roles = {
  claim: 'groups',
  viewer: ['readers'],
  operator: ['on-call'],
  security: ['security'],
  admin: ['gate-admins'],
}

describe('logging in at an OpenID provider', () => {
  it('makes an account with the role that a claim gives, beside the local ones', async () => {
    for (const inToken of [true, false]) {
      await using setup = await openSetup({ inToken })
      const { admin, browser, provider, people } = setup
      people['ada'] = {
        email: 'ada@example.com',
        email_verified: true,
        groups: ['staff', 'on-call', 'readers'],
      }
      const { url, flow } = await begin(browser)
      const asked = new URL(url).searchParams
      assert.deepEqual(
        ['response_type', 'code_challenge_method', 'client_id', 'scope'].map((name) => asked.get(name)),
        ['code', 'S256', 'gateward', 'openid profile email'],
      )
      const { status, json } = await finish(browser, flow, await provider.visit(url, 'ada'))
      assert.equal(status, 201)
      assert.deepEqual(
        [json.account.name, json.account.role, json.method],
        ['ada@example.com', 'operator', 'oidc'],
      )
      assert.equal((await browser.call<'getSession'>('GET /session')).json.account.role, 'operator')
      const { json: all } = await admin.call<'listAccounts'>('GET /accounts')
      assert.deepEqual(
        all.accounts.map(({ name, oidc, password }) => [name, oidc, password]),
        [
          ['ada', false, true],
          ['ada@example.com', true, false],
        ],
      )
      const { json: audit } = await admin.call<'listAudit'>('GET /audit?action=account.create')
      assert.deepEqual(
        [audit.entries[0]?.target, audit.entries[0]?.reason],
        [json.account.id, 'as the OpenID provider says'],
      )
    }
  })

  it('lets nobody in to whom no claim gives a role, and ends what was open', async () => {
    await using setup = await openSetup({})
    const { admin, browser, people } = setup
    people['bob'] = { groups: ['readers'] }
    assert.equal((await setup.logIn(browser, 'bob')).status, 201)
    people['bob'] = { groups: ['staff'] }
    const again = openAdminClient(setup.gate.gateway)
    assert.equal((await setup.logIn(again, 'bob')).status, 403)
    assert.equal((await browser.call('GET /session')).status, 401)
    for (const wrong of [
      {},
      { groups: 'READERS' },
      { groups: { readers: true } },
      { groups: [['readers']] },
    ]) {
      people['eve'] = wrong
      assert.equal((await setup.logIn(again, 'eve')).status, 403, JSON.stringify(wrong))
    }
    const { json } = await admin.call<'listAudit'>('GET /audit?action=session.open')
    const [refused] = json.entries
    assert.deepEqual([refused?.outcome, refused?.after], ['refused', { method: 'oidc', reason: 'no-role' }])
    await again[Symbol.asyncDispose]()
  })

  it('gives the role that the provider says now, and no less than that to the last admin', async () => {
    await using setup = await openSetup({})
    const { admin, browser, people } = setup
    people['carol'] = { preferred_username: 'carol', groups: ['gate-admins'] }
    const { json } = await setup.logIn(browser, 'carol')
    assert.equal(json.account.role, 'admin')
    people['carol'] = { preferred_username: 'carol', groups: ['readers'] }
    assert.equal((await setup.logIn(browser, 'carol')).json.account.role, 'viewer')
    people['carol'] = { preferred_username: 'carol', groups: ['gate-admins'] }
    await setup.logIn(browser, 'carol')
    const { json: all } = await admin.call<'listAccounts'>('GET /accounts')
    const local = all.accounts.find(({ oidc }) => !oidc)
    const { headers } = await browser.call('GET /accounts/' + (local?.id ?? ''))
    const etag = String(headers['etag'])
    assert.equal(
      (await browser.call('DELETE /accounts/' + (local?.id ?? ''), undefined, { 'if-match': etag })).status,
      204,
    )
    people['carol'] = { preferred_username: 'carol', groups: ['readers'] }
    assert.equal((await setup.logIn(browser, 'carol')).status, 409)
    assert.equal((await browser.call('GET /session')).status, 401)
  })

  it('is worth nothing in another browser, a second time, or with another answer', async () => {
    await using setup = await openSetup({})
    const { browser, provider, people } = setup
    people['dora'] = { groups: ['readers'] }
    const first = await begin(browser)
    const answer = await provider.visit(first.url, 'dora')
    const second = await begin(browser)
    // Somebody else's answer, in a browser that began a flow of its own.
    assert.equal((await finish(browser, second.flow, answer)).status, 401)
    assert.equal((await finish(browser, 'made-up', answer)).status, 401)
    const state = new URLSearchParams(answer)
    state.set('state', 'another')
    const third = await begin(browser)
    assert.equal((await finish(browser, third.flow, `?${state.toString()}`)).status, 401)
    const issuer = new URLSearchParams(answer)
    issuer.set('iss', 'https://evil.example')
    assert.equal((await finish(browser, first.flow, `?${issuer.toString()}`)).status, 401)
    assert.equal((await finish(browser, first.flow, answer)).status, 401, 'a flow is there once')
    const fourth = await begin(browser)
    const good = await provider.visit(fourth.url, 'dora')
    assert.equal((await finish(browser, fourth.flow, good)).status, 201)
    assert.equal((await finish(browser, fourth.flow, good)).status, 401)
    assert.equal((await finish(browser, (await begin(browser)).flow, '?error=access_denied')).status, 401)
  })

  it('takes no name that somebody has, and none that the provider has not verified', async () => {
    await using setup = await openSetup({})
    const { browser, people } = setup
    people['mallory'] = { preferred_username: 'ADA', groups: ['readers'] }
    assert.equal((await setup.logIn(browser, 'mallory')).status, 409)
    people['mallory'] = { email: 'root@example.com', email_verified: false, groups: ['readers'] }
    assert.equal((await setup.logIn(browser, 'mallory')).json.account.name, 'mallory')
  })

  it('keeps out whom an admin disabled, whatever the provider says', async () => {
    await using setup = await openSetup({})
    const { admin, browser, people } = setup
    people['ada'] = { email: 'a@example.com', email_verified: true, groups: ['gate-admins'] }
    const { json } = await setup.logIn(browser, 'ada')
    const etag = String((await admin.call(`GET /accounts/${json.account.id}`)).headers['etag'])
    await admin.call(`PATCH /accounts/${json.account.id}`, { enabled: false }, { 'if-match': etag })
    assert.equal((await setup.logIn(browser, 'ada')).status, 403)
  })

  it('ends at the provider too', async () => {
    await using setup = await openSetup({})
    const { browser, provider, people } = setup
    people['dora'] = { groups: ['readers'] }
    await setup.logIn(browser, 'dora')
    const { json } = await browser.call<'logOut'>('DELETE /session')
    const url = new URL(json.provider ?? '')
    assert.equal(url.origin, provider.issuer)
    assert.equal(url.searchParams.get('client_id'), 'gateward')
    assert.equal((await browser.call('GET /session')).status, 401)
  })

  it('says what is wrong where the provider is away, and is not there where it is not set up', async () => {
    await using gate = await startGate({
      service: (_request, response) => response.end('{}'),
      settings: {
        admin: { host: '127.0.0.1', port: 0, oidc: { issuer: 'http://127.0.0.1:9', clientId: 'x', roles } },
      },
    })
    await using browser = openAdminClient(gate.gateway)
    assert.deepEqual((await browser.call<'getLogInWays'>('GET /session/ways')).json, {
      oidc: { label: 'single sign-on' },
    })
    const away = await browser.call('POST /session/oidc/options')
    assert.deepEqual([away.status, /cannot be asked/.test(away.json.detail)], [409, true])
    await using plain = await startGate({ service: (_request, response) => response.end('{}') })
    await using other = openAdminClient(plain.gateway)
    assert.deepEqual((await other.call<'getLogInWays'>('GET /session/ways')).json, {})
    assert.equal((await other.call('POST /session/oidc/options')).status, 404)
  })
})

async function openSetup({ inToken = false }: { readonly inToken?: boolean }) {
  const people: Record<string, Person> = {}
  const provider = await startOpenIdProvider(people, { inToken })
  const gate = await startGate({
    service: (_request, response) => response.end('{}'),
    env: { OIDC_SECRET: 'a secret of the client' },
    settings: {
      admin: {
        host: '127.0.0.1',
        port: 0,
        oidc: { issuer: provider.issuer, clientId: 'gateward', clientSecret: 'env:OIDC_SECRET', roles },
      },
    },
  })
  provider.register(gate.gateway.addresses.admin)
  const admin = openAdminClient(gate.gateway)
  await becomeAdmin(admin, gate.gateway)
  const browser = openAdminClient(gate.gateway)
  return {
    people,
    provider,
    gate,
    admin,
    browser,
    async logIn(client: AdminClient, login: string) {
      const { url, flow } = await begin(client)
      return finish(client, flow, await provider.visit(url, login))
    },
    async [Symbol.asyncDispose]() {
      await admin[Symbol.asyncDispose]()
      await browser[Symbol.asyncDispose]()
      await gate[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
    },
  }
}

async function begin(client: AdminClient): Promise<{ readonly flow: string; readonly url: string }> {
  const { json, status, text } = await client.call<'beginOidcLogin'>('POST /session/oidc/options')
  assert.equal(status, 200, text)
  return json
}

function finish(client: AdminClient, flow: string, parameters: string) {
  return client.call<'logInWithOidc'>('POST /session/oidc', { flow, parameters })
}
