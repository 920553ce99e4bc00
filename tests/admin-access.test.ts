import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { adminOperations } from '@gateward/gateway/admin-contract'
import { endpoints, type EndpointId } from '@gateward/gateway/admin-endpoints'
import { becomeAdmin, invite, openAdminClient, password, type AdminClient } from './admin-client.ts'
import { startGate, type RunningGate } from './start-gate.ts'

const roles = ['viewer', 'operator', 'security', 'admin'] as const

let gate: RunningGate
let nobody: AdminClient
const clients = new Map<string, AdminClient>()

before(async () => {
  gate = await startGate({ service: (_, response) => response.end('ok') })
  nobody = openAdminClient(gate.gateway)
  const admin = openAdminClient(gate.gateway)
  await becomeAdmin(admin, gate.gateway)
  clients.set('admin', admin)
  for (const role of roles.slice(0, 3)) clients.set(role, await invite(admin, gate.gateway, role))
})

after(async () => {
  for (const client of [nobody, ...clients.values()]) await client[Symbol.asyncDispose]()
  await gate[Symbol.asyncDispose]()
})

/** The path of an operation with something in place of its variables. */
function pathOf(id: EndpointId): string {
  return endpoints[id].replaceAll(/\{\w+\}/g, 'none')
}

// A body that no operation takes: whoever may call is told so (422), and nothing is ever done.
const impossible = { neverDeclared: true }

for (const id of Object.keys(endpoints) as EndpointId[]) {
  const { access } = adminOperations[id]
  const [method] = endpoints[id].split(' ')
  // Ends the session that the other rows need; its own test is below.
  if (id === 'logOut') continue
  // It goes on for ever for those who may; its own test is with the traffic.
  if (id === 'followEvents') continue
  const body = method === 'GET' || method === 'DELETE' ? undefined : impossible

  test(`${id} is for ${access}: nobody else gets past the door`, async () => {
    const anonymous = await nobody.call(pathOf(id), body)
    // What everybody may read has nothing that could be wrong.
    if (access === 'public') assert.equal(anonymous.status, method === 'GET' ? 200 : 422)
    else assert.equal(anonymous.status, 401)
    for (const role of roles) {
      const client = clients.get(role) as AdminClient
      const { status }: { status: number } = await client.call(pathOf(id), body)
      const may = access === 'public' || access === 'session' || roles.indexOf(role) >= roles.indexOf(access)
      assert.equal(status === 403, !may, `${role} got ${status}`)
      assert.notEqual(status, 401, role)
      assert.notEqual(status, 500, role)
    }
  })

  if (method !== 'GET')
    test(`${id} is not done for another site's page`, async () => {
      const admin = clients.get('admin') as AdminClient
      for (const headers of [
        { 'x-gateward': undefined },
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: gate.gateway.addresses.admin.replace('https:', 'http:') },
        { origin: gate.gateway.addresses.admin.replace(/:\d+$/, ':8443') },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'none' },
      ])
        assert.equal((await admin.call(pathOf(id), body, headers)).status, 403, JSON.stringify(headers))
    })
}

test('no operation takes what its contract does not declare: a role among the fields of a password, say', async () => {
  const viewer = clients.get('viewer') as AdminClient
  const before = await viewer.call<'getSession'>('GET /session')
  for (const extra of [
    { role: 'admin' },
    { account: { role: 'admin' } },
    { __proto__: null, constructor: {} },
  ])
    assert.equal(
      (await viewer.call('PUT /session/password', { current: password, next: `${password}!`, ...extra }))
        .status,
      422,
    )
  const polluted = `{"current":"${password}","next":"${password}!","__proto__":{"role":"admin"}}`
  const { status } = await viewer.send('PUT', '/api/v1/session/password', {
    body: polluted,
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(status, 400)
  assert.deepEqual((await viewer.call<'getSession'>('GET /session')).json, before.json)
})

test('a session that the client brought is not taken over, and one that ended stays ended', async () => {
  const client = openAdminClient(gate.gateway)
  const chosen = `__Host-gateward=${'A'.repeat(43)}`
  client.cookie = chosen
  assert.equal((await client.call('POST /session', { name: 'viewer', password })).status, 201)
  const first = client.cookie
  assert.notEqual(first, chosen)
  assert.equal((await client.call('POST /session', { name: 'viewer', password })).status, 201)
  assert.notEqual(client.cookie, first)
  const stale = await client.call('GET /session', undefined, { cookie: first })
  assert.equal(stale.status, 401, 'the session before ends with the next login of the same browser')
  const second = client.cookie
  assert.equal((await client.call('DELETE /session')).status, 200)
  assert.equal((await client.call('GET /session', undefined, { cookie: second })).status, 401)
  await client[Symbol.asyncDispose]()
})

test('the cookie is for this host alone, over TLS alone, for no script and no other site', async () => {
  const client = openAdminClient(gate.gateway)
  const { headers } = await client.call('POST /session', { name: 'viewer', password })
  assert.match(
    String(headers['set-cookie']),
    /^__Host-gateward=[\w-]{43}; Path=\/; Max-Age=43200; Secure; HttpOnly; SameSite=Strict$/,
  )
  const twice = `${client.cookie}; ${client.cookie}`
  assert.equal((await client.call('GET /session', undefined, { cookie: twice })).status, 401)
  await client[Symbol.asyncDispose]()
})

test('a name that is unknown, locked or disabled and a wrong password are answered alike', async () => {
  const client = openAdminClient(gate.gateway)
  const wrong = await client.call('POST /session', { name: 'operator', password: 'not the password' })
  const unknown = await client.call('POST /session', { name: 'nobody-here', password: 'not the password' })
  for (let count = 0; count < 5; count++)
    await client.call('POST /session', { name: 'security', password: 'not the password' })
  const locked = await client.call('POST /session', { name: 'security', password })
  assert.deepEqual(
    [wrong, unknown, locked].map(({ status }) => status),
    [401, 401, 401],
  )
  assert.equal(locked.json.detail, wrong.json.detail)
  assert.equal(unknown.json.detail, wrong.json.detail)
  await client[Symbol.asyncDispose]()
})

test('a foreign host name is refused for everything but probes, since a foreign page may be behind it', async () => {
  const headers = { host: 'rebound.example' }
  for (const path of ['/', '/openapi.json', '/api/v1/session', '/welcome/x'])
    assert.equal((await nobody.send('GET', path, { headers })).status, 421, path)
  assert.equal((await nobody.send('GET', '/livez', { headers })).status, 200)
})

test('every answer forbids frames, scripts from elsewhere and sniffing, and is kept by no cache', async () => {
  for (const path of [
    '/',
    '/livez',
    '/metrics',
    '/openapi.json',
    '/api/v1/session',
    '/api/v1/nothing',
    '/%2e%2e/x',
  ]) {
    const { headers } = await nobody.send('GET', path)
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/, path)
    assert.doesNotMatch(policy, /unsafe/, path)
    assert.equal(headers['x-frame-options'], 'DENY', path)
    assert.equal(headers['x-content-type-options'], 'nosniff', path)
    // The dashboard's page is the same for everybody and holds nothing of anybody; it is asked for anew.
    const isPage = String(headers['content-type']).startsWith('text/html')
    assert.equal(headers['cache-control'], isPage ? 'no-cache' : 'no-store', path)
    assert.equal(headers['access-control-allow-origin'], undefined, path)
  }
})

test('thirty wrong links from one address are as many as there are', async () => {
  const client = openAdminClient(gate.gateway)
  const statuses: number[] = []
  for (let count = 0; count < 35; count++)
    statuses.push((await client.call('POST /invitations/check', { code: `guess-${count}` })).status)
  assert.equal(statuses.at(0), 404)
  assert.equal(statuses.at(-1), 429)
  await client[Symbol.asyncDispose]()
})

test('logging out ends the session', async () => {
  const viewer = clients.get('viewer') as AdminClient
  assert.equal((await nobody.call('DELETE /session')).status, 401)
  assert.equal((await viewer.call('DELETE /session')).status, 200)
  assert.equal((await viewer.call('GET /session')).status, 401)
})
