import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeOf, invite, openAdminClient, password, type AdminClient } from './admin-client.ts'
import { eventually } from './run-command.ts'
import { plainRequest, startGate, type RunningGate } from './start-gate.ts'

let gate: RunningGate
let admin: AdminClient

before(async () => {
  gate = await startGate({ service: (_, response) => response.end('ok') })
  admin = openAdminClient(gate.gateway)
})

after(async () => {
  await admin[Symbol.asyncDispose]()
  await gate[Symbol.asyncDispose]()
})

test('a fresh gateway gives one link, with which exactly one account is made, whoever asks at once', async () => {
  const code = codeOf(gate.gateway.welcome ?? '')
  const checked = await admin.call<'checkInvitation'>('POST /invitations/check', { code })
  assert.deepEqual([checked.status, checked.json.role], [200, 'admin'])
  const clients = [admin, ...Array.from({ length: 4 }, () => openAdminClient(gate.gateway))]
  const replies = await Promise.all(
    clients.map((client, index) =>
      client.call('POST /invitations/redeem', { code, name: `racer-${index}`, password }),
    ),
  )
  assert.deepEqual(
    replies.map(({ status }) => status).toSorted((left, right) => left - right),
    [201, 404, 404, 404, 404],
  )
  admin.cookie = clients.find(({ cookie }) => cookie !== undefined)?.cookie
  assert.equal((await admin.call('POST /invitations/check', { code })).status, 404)
  const { json } = await admin.call<'getSession'>('GET /session')
  assert.equal(json.account.role, 'admin')
  await Promise.all(clients.slice(1).map((client) => client[Symbol.asyncDispose]()))
})

test('a key is made, used, replaced and ended, and each step is written down with who, what and why', async () => {
  const { json: made, status } = await admin.call<'createKey'>('POST /keys', {
    consumer: 'acme',
    days: 30,
    reason: 'a trial',
  })
  assert.equal(status, 201)
  const asks = () => gate.exchange(plainRequest('GET /', `x-api-key: ${made.key}`))
  assert.match(await asks(), /^HTTP\/1.1 200/)
  const rotated = await admin.call(`POST /keys/${made.record.id}/rotate`, { days: 30, overlapHours: 1 })
  assert.equal(rotated.status, 201)
  assert.match(await asks(), /^HTTP\/1.1 200/)
  const revoked = await admin.call<'revokeKey'>(`POST /keys/${made.record.id}/revoke`, { reason: 'leaked' })
  assert.deepEqual([revoked.status, revoked.json.state], [200, 'revoked'])
  // Processes look for changes of keys a few times a second.
  await eventually(async () => (await asks()).startsWith('HTTP/1.1 401'))
  assert.equal((await admin.call(`POST /keys/${made.record.id}/enable`, {})).status, 409)
  const { json } = await admin.call<'listAudit'>('GET /audit?action=key.')
  assert.deepEqual(
    json.entries.slice(0, 3).map(({ action, reason, outcome }) => [action, reason, outcome]),
    [
      ['key.revoke', 'leaked', 'done'],
      ['key.rotate', undefined, 'done'],
      ['key.create', 'a trial', 'done'],
    ],
  )
  const [newest] = json.entries
  assert.deepEqual([stateIn(newest?.before), stateIn(newest?.after)], ['active', 'revoked'])
  assert.ok(!JSON.stringify(json).includes(made.key))
})

test('a dry run says what would be done and does nothing', async () => {
  const before = await stateOf(admin)
  const made = await admin.call<'createKey'>('POST /keys?dryRun=true', { consumer: 'dry', days: 30 })
  assert.deepEqual([made.status, made.json.record.consumer, made.json.record.id], [200, 'dry', 'key_…'])
  const { json: listed } = await admin.call<'listKeys'>('GET /keys')
  const id = listed.keys[0]?.id
  for (const verb of ['revoke', 'disable', 'enable'])
    assert.equal((await admin.call(`POST /keys/${id}/${verb}?dryRun=true`, {})).status, 200)
  assert.equal(
    (await admin.call('POST /tokens?dryRun=true', { label: 'x', role: 'viewer', days: 1 })).status,
    200,
  )
  assert.equal((await admin.call('POST /invitations?dryRun=true', { role: 'viewer' })).status, 200)
  assert.deepEqual(await stateOf(admin), before)
})

test('an exchange is found by id, key, address and operation, and its story has the row of guards', async () => {
  await gate.exchange(plainRequest('GET /secret/place', 'x-api-key: wrong'))
  const { json } = await admin.call<'listExchanges'>('GET /exchanges?outcome=refused&limit=1')
  const exchange = json.exchanges[0]
  assert.ok(exchange)
  assert.deepEqual(
    [exchange.path, exchange.status, exchange.refusedBy],
    ['/secret/place', 401, 'authentication'],
  )
  for (const search of [exchange.id, 'SECRET/pla', '127.0.0.1', 'unauthenticated'])
    assert.ok(
      (await admin.call<'listExchanges'>(`GET /exchanges?search=${search}`)).json.exchanges.some(
        ({ id }) => id === exchange.id,
      ),
      search,
    )
  const story = (await admin.call<'getExchange'>(`GET /exchanges/${exchange.id}`)).json
  const states = Object.fromEntries(story.row.map(({ guard, state }) => [guard, state]))
  assert.deepEqual(
    [states['protocol'], states['authentication'], states['waf']],
    ['passed', 'refused', 'never-asked'],
  )
  assert.equal(story.upstreamAsked, false)
  assert.equal((await admin.call('GET /exchanges/nothing-of-the-kind')).status, 404)
})

test('pages of exchanges join without a gap and without an overlap', async () => {
  for (let count = 0; count < 7; count++)
    await gate.exchange(plainRequest(`GET /page/${count}`, `x-api-key: ${gate.key}`))
  const paths: string[] = []
  for (let cursor = ''; ;) {
    const { json } = await admin.call<'listExchanges'>(`GET /exchanges?search=/page/&limit=3${cursor}`)
    paths.push(...json.exchanges.map(({ path }) => path))
    if (json.next === undefined) break
    cursor = `&cursor=${json.next}`
  }
  assert.deepEqual(
    paths,
    [6, 5, 4, 3, 2, 1, 0].map((count) => `/page/${count}`),
  )
})

test('a token calls the API without a cookie, does no more than its role, and ends with its account', async () => {
  const other = await invite(admin, gate.gateway, 'admin', 'second')
  const { json: made } = await other.call<'createToken'>('POST /tokens', {
    label: 'ci',
    role: 'viewer',
    days: 1,
  })
  const program = openAdminClient(gate.gateway)
  const headers = { authorization: `Bearer ${made.token}`, 'x-gateward': undefined, origin: undefined }
  assert.equal((await program.call('GET /keys', undefined, headers)).status, 200)
  assert.equal((await program.call('POST /keys', { consumer: 'x', days: 1 }, headers)).status, 403)
  assert.equal(
    (await program.call('GET /keys', undefined, { authorization: `Bearer ${made.token}x` })).status,
    401,
  )
  const id = await idOf('second')
  const { headers: seen } = await admin.call(`GET /accounts/${id}`)
  const removed = await admin.call(`DELETE /accounts/${id}`, undefined, { 'if-match': String(seen.etag) })
  assert.equal(removed.status, 204)
  assert.equal((await program.call('GET /keys', undefined, headers)).status, 401)
  assert.equal((await other.call('GET /session')).status, 401)
  await other[Symbol.asyncDispose]()
  await program[Symbol.asyncDispose]()
})

test('of two who change the same account, the second is told that it was changed', async () => {
  const bob = await invite(admin, gate.gateway, 'viewer', 'bob')
  const id = await idOf('bob')
  const { headers } = await admin.call(`GET /accounts/${id}`)
  const change = (role: string) =>
    admin.call(`PATCH /accounts/${id}`, { role }, { 'if-match': String(headers.etag) })
  const replies = await Promise.all([change('operator'), change('security')])
  assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([200, 412]))
  assert.equal((await admin.call(`PATCH /accounts/${id}`, { role: 'viewer' })).status, 428)
  assert.equal((await bob.call('GET /session')).status, 401, 'another role ends the session')
  await bob[Symbol.asyncDispose]()
})

test('the audit log verifies, and the status tells what runs', async () => {
  const { json: verification } = await admin.call<'verifyAudit'>('GET /audit/verification')
  assert.deepEqual(verification.findings, [])
  assert.equal(verification.sealedUpTo, verification.rows)
  const { json: status } = await admin.call<'getStatus'>('GET /status')
  assert.deepEqual(status.notEnforced, [])
  const looser = status.guards.filter(({ mode }) => mode !== 'enforce')
  assert.deepEqual(looser, [{ guard: 'discovery', mode: 'off' }])
  const { json: operations } = await admin.call<'listOperations'>('GET /apis/attacked/operations')
  assert.equal(operations.operations[0]?.path, '/*')
  assert.match((await admin.call<'getConfiguration'>('GET /configuration')).json.effective, /^version: 1$/m)
})

function stateIn(record: unknown): unknown {
  return (record as { readonly state?: unknown } | undefined)?.state
}

async function idOf(name: string): Promise<string> {
  const { json } = await admin.call<'listAccounts'>('GET /accounts')
  return json.accounts.find((account) => account.name === name)?.id ?? ''
}

/** Everything that an admin can see change. */
async function stateOf(client: AdminClient): Promise<readonly unknown[]> {
  const paths = ['/keys', '/accounts', '/tokens', '/audit', '/consumers']
  return Promise.all(paths.map(async (path) => (await client.call(`GET ${path}`)).json))
}
