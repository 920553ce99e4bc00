import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { becomeAdmin, invite, openAdminClient, type AdminClient } from './admin-client.ts'
import { eventually } from './run-command.ts'
import { plainRequest, startGate, type RunningGate } from './start-gate.ts'

let gate: RunningGate
let admin: AdminClient

before(async () => {
  gate = await startGate({
    service: (_, response) => response.end('ok'),
    settings: { alerts: { rules: { 'authentication-failures': { threshold: 5 } } } },
  })
  admin = openAdminClient(gate.gateway)
  await becomeAdmin(admin, gate.gateway)
})

after(async () => {
  await admin[Symbol.asyncDispose]()
  await gate[Symbol.asyncDispose]()
})

test('a data key is replaced, the audit log goes on with the new one, and verifies with both', async () => {
  const before = await activeKey('audit')
  const made = await admin.call<'rotateDataKey'>('POST /keyring/audit/rotate', { reason: 'yearly' })
  assert.equal(made.status, 201)
  // A new key only decrypts and verifies for a moment, until every process knows it.
  await eventually(async () => {
    await admin.call('POST /invitations', { role: 'viewer' })
    return (await activeKey('audit')) !== before
  })
  const { json } = await admin.call<'verifyAudit'>('GET /audit/verification')
  assert.deepEqual([json.findings, json.sealedUpTo], [[], json.rows])
  const { text } = await admin.call('GET /keyring')
  assert.doesNotMatch(text, /wrapped|PRIVATE/)
})

test('a key that values are found by is not replaced, nor one that nobody knows', async () => {
  for (const purpose of ['store-index', 'fields-index'])
    assert.equal((await admin.call(`POST /keyring/${purpose}/rotate`, {})).status, 409, purpose)
  assert.equal((await admin.call('POST /keyring/none/rotate', {})).status, 422)
})

test("the WAF's rules tell what they matched", async () => {
  const query = encodeURIComponent(`1' UNION SELECT password FROM users -- `)
  await gate.exchange(plainRequest(`GET /?q=${query}`, `x-api-key: ${gate.key}`))
  const rule = await eventually(async () => {
    const { json } = await admin.call<'listWafRules'>('GET /waf/rules')
    assert.equal(json.mode, 'enforce')
    return json.rules.find(({ matches }) => matches > 0)
  })
  assert.equal(rule.refused, 1)
  const { json } = await admin.call<'listExchanges'>('GET /exchanges?guard=waf')
  assert.equal(json.exchanges.length, 1)
})

test('anomalies are listed, and what is not there cannot be expected', async () => {
  const { status, json } = await admin.call<'listAnomalies'>('GET /anomalies?api=attacked')
  assert.deepEqual([status, json], [200, { anomalies: [], expectations: [] }])
  assert.equal((await admin.call('POST /anomalies/none/expect', { days: 7, reason: 'a sale' })).status, 404)
  assert.equal((await admin.call('POST /anomalies/none/expect', { days: 7 })).status, 422)
  assert.equal((await admin.call('DELETE /expectations/none')).status, 404)
})

test('alerts are silenced for a while, with a reason, and heard again', async () => {
  const order = { rule: 'authentication-failures', subject: '*', hours: 2, reason: 'a load test' }
  assert.equal((await admin.call('POST /alerts/silences', { ...order, rule: 'authentcation' })).status, 409)
  assert.equal((await admin.call('POST /alerts/silences', { ...order, reason: '' })).status, 422)
  const { json: silence } = await admin.call<'silenceAlerts'>('POST /alerts/silences', order)
  const { json } = await admin.call<'listAlerts'>('GET /alerts')
  assert.deepEqual(
    json.silences.map(({ id, reason }) => [id, reason]),
    [[silence.id, 'a load test']],
  )
  assert.equal((await admin.call(`DELETE /alerts/silences/${silence.id}`)).status, 204)
  assert.equal((await admin.call(`DELETE /alerts/silences/${silence.id}`)).status, 404)
  const { json: audit } = await admin.call<'listAudit'>('GET /audit?action=alert.')
  assert.deepEqual(
    audit.entries.map(({ action, outcome }) => [action, outcome]),
    [
      ['alert.unsilence', 'done'],
      ['alert.silence', 'done'],
      ['alert.silence', 'failed'],
    ],
  )
})

test('a firing alert has one who looks after it, which is written down', async () => {
  const operator = await invite(admin, gate.gateway, 'operator')
  const viewer = await invite(admin, gate.gateway, 'viewer')
  for (let time = 0; time < 10; time++) await gate.exchange(plainRequest('GET /v1/things'))
  const alert = await eventually(async () => {
    const { json } = await admin.call<'listAlerts'>('GET /alerts?state=firing')
    return json.alerts.find(({ rule }) => rule === 'authentication-failures')
  })
  const take = `POST /alerts/${alert.id}/acknowledge`
  assert.equal((await viewer.call(take, {})).status, 403)
  assert.equal((await operator.call(`${take}?dryRun=true`, { note: 'a scanner' })).status, 200)
  const { status, json } = await operator.call<'acknowledgeAlert'>(take, { note: 'a scanner' })
  assert.deepEqual(
    [status, json.acknowledgement?.by, json.acknowledgement?.note],
    [200, 'operator', 'a scanner'],
  )
  const again = await admin.call(take, {})
  assert.deepEqual([again.status, again.json.detail], [409, 'operator looks after it already'])
  assert.equal((await admin.call('POST /alerts/none/acknowledge', {})).status, 404)
  const { json: audit } = await admin.call<'listAudit'>('GET /audit?action=alert.acknowledge')
  assert.deepEqual(
    audit.entries.map(({ actor, reason, outcome }) => [actor.name, reason, outcome]),
    [['operator', 'a scanner', 'done']],
  )
  await operator[Symbol.asyncDispose]()
  await viewer[Symbol.asyncDispose]()
})

test('a review is read and signed as it was shown, and the next one knows that', async () => {
  const security = await invite(admin, gate.gateway, 'security')
  const { status, json } = await security.call<'getReview'>('GET /audit/review?days=7')
  assert.equal(status, 200)
  assert.ok(json.review.changes.some(({ action }) => action === 'account.create'))
  assert.equal(json.review.lastReview, undefined)
  const signed = await security.call<'signOffReview'>('POST /audit/review/sign-off', {
    hash: json.hash,
    note: 'nothing strange',
  })
  assert.deepEqual([signed.status, signed.json.review], [200, json.hash])
  assert.equal((await security.call('POST /audit/review/sign-off', { hash: '0'.repeat(64) })).status, 409)
  const { json: audit } = await admin.call<'listAudit'>('GET /audit?action=audit.review')
  assert.deepEqual(
    audit.entries.map(({ actor, reason, after }) => [actor.name, reason, after]),
    [['security', 'nothing strange', { from: json.review.from, to: json.review.to, review: json.hash }]],
  )
  const next = await security.call<'getReview'>('GET /audit/review')
  assert.equal(next.json.review.lastReview?.by, 'security')
  await security[Symbol.asyncDispose]()
})

async function activeKey(purpose: string): Promise<string | undefined> {
  const { json } = await admin.call<'getKeyring'>('GET /keyring')
  return json.keys.find((key) => key.purpose === purpose && key.state === 'active')?.id
}
