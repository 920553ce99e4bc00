import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { becomeAdmin, openAdminClient, type AdminClient } from './admin-client.ts'
import { eventually } from './run-command.ts'
import { plainRequest, startGate, type RunningGate } from './start-gate.ts'

let gate: RunningGate
let admin: AdminClient

before(async () => {
  gate = await startGate({
    service: (_, response) => response.end('ok'),
    settings: { trust: { proxies: ['127.0.0.1/32'] } },
  })
  admin = openAdminClient(gate.gateway)
  await becomeAdmin(admin, gate.gateway)
  const from = (address: string, target = '/', key = `x-api-key: ${gate.key}`) =>
    gate.exchange(plainRequest(`GET ${target}`, `x-forwarded-for: ${address}`, key))
  // 8.8.8.0/24 is of the United States, 133.11.0.0/16 of Japan, by the registries.
  await from('8.8.8.8')
  await from('8.8.8.8', "/?q=1'%20OR%20'1'='1'%20--%20")
  await from('8.8.8.9', '/?q=%3Cscript%3Ealert(1)%3C/script%3E')
  await from('8.8.8.9', '/', 'x-none: 1')
  await from('133.11.0.1', '/', 'x-none: 1')
})

after(async () => {
  await admin[Symbol.asyncDispose]()
  await gate[Symbol.asyncDispose]()
})

test('threats are told by country, address block, rule and guard', async () => {
  const threats = await eventually(async () => {
    const { json } = await admin.call<'getThreats'>('GET /threats')
    return json.blocks.reduce((sum, { refused }) => sum + refused, 0) === 4 ? json : undefined
  })
  assert.deepEqual(
    threats.countries.map(({ name, requests, refused, waf }) => [name, requests, refused, waf]),
    [
      ['US', 4, 3, 2],
      ['JP', 1, 1, 0],
    ],
  )
  assert.deepEqual(
    threats.blocks.map(({ name, country, refused, waf, addresses }) => [
      name,
      country,
      refused,
      waf,
      addresses,
    ]),
    [
      ['8.8.8.0/24', 'US', 3, 2, 2],
      ['133.11.0.0/24', 'JP', 1, 0, 1],
    ],
  )
  assert.ok(threats.rules.length >= 2)
  assert.ok(threats.rules.every(({ message, addresses }) => message !== undefined && addresses === 1))
  assert.equal(threats.searchedDownTo, threats.from)
  const refused = new Map(
    threats.refusals.map(({ guard, points }) => [
      guard,
      points.reduce((sum, point) => sum + point.refused, 0),
    ]),
  )
  assert.deepEqual([refused.get('waf'), refused.get('authentication')], [2, 2])
})

test('each of these numbers leads to just as many requests', async () => {
  const { json: threats } = await admin.call<'getThreats'>('GET /threats')
  const [rule] = threats.rules
  for (const [query, count] of [
    ['country=US', 4],
    ['country=US&guard=waf', 2],
    ['country=JP&outcome=refused', 1],
    ['client=8.8.8.0/24&outcome=refused', 3],
    ['client=8.8.8.8', 2],
    ['client=2001:db8::/32', 0],
    [`rule=${rule?.id}`, rule?.matches],
    [`since=${threats.from}`, 5],
    [`until=${threats.from}`, 0],
  ] as const) {
    const { json } = await admin.call<'listExchanges'>(`GET /exchanges?${query}`)
    assert.equal(json.exchanges.length, count, query)
  }
})

test('what is no network, no country and no rule is refused', async () => {
  for (const query of ['client=somewhere', 'client=8.8.8.8/24', 'country=us', 'country=USA', 'rule=core'])
    assert.equal((await admin.call(`GET /exchanges?${query}`)).status, 422, query)
  assert.equal((await admin.call('GET /threats?from=2020-01-01T00:00:00Z')).status, 422)
  assert.equal((await admin.call('GET /threats?from=yesterday')).status, 422)
})

test('exclusions are proposed for what the WAF refused, with what it would cost', async () => {
  const { json } = await admin.call<'getWafTuning'>('GET /waf/tuning')
  assert.deepEqual([json.refused, json.wouldRefuse, json.requests >= 2], [2, 0, true])
  const [proposal] = json.proposals
  assert.deepEqual([proposal?.field, proposal?.frees, proposal?.clients], ['query q', 2, 2])
  assert.match(proposal?.exclusion ?? '', /^- \{ rules: \[[\d, ]+\], fields: \["query q"\]/)
  const { caughtNow = 0, caughtThen = 0, lost = {} } = proposal?.replay ?? {}
  assert.ok(caughtNow > caughtThen)
  assert.equal(
    Object.values(lost).reduce((sum, count) => sum + count, 0),
    caughtNow - caughtThen,
  )
  const since = new Date().toISOString()
  assert.equal((await admin.call<'getWafTuning'>(`GET /waf/tuning?since=${since}`)).json.proposals.length, 0)
})
