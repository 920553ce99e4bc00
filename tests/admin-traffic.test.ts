import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { after, before, test } from 'node:test'
import { becomeAdmin, invite, openAdminClient, type AdminClient } from './admin-client.ts'
import { eventually } from './run-command.ts'
import { plainRequest, startGate, type RunningGate } from './start-gate.ts'

let gate: RunningGate
let admin: AdminClient

before(async () => {
  gate = await startGate({
    service: (_, response) => response.end('ok'),
    settings: { tiers: { small: { rate: '5/min', quota: '100/day' } } },
  })
  admin = openAdminClient(gate.gateway)
  await becomeAdmin(admin, gate.gateway)
})

after(async () => {
  await admin[Symbol.asyncDispose]()
  await gate[Symbol.asyncDispose]()
})

test('the overview counts what was served and what each guard refused', async () => {
  for (let count = 0; count < 3; count++) await gate.exchange(plainRequest('GET /', `x-api-key: ${gate.key}`))
  await gate.exchange(plainRequest('GET /'))
  const overview = await eventually(async () => {
    const { json } = await admin.call<'getOverview'>('GET /overview')
    const isCounted =
      json.totals.requests === 4 && json.refusals.some(({ guard }) => guard === 'authentication')
    return isCounted ? json : undefined
  })
  assert.deepEqual([overview.totals.refused, overview.totals.status2xx, overview.step], [1, 3, 30])
  assert.deepEqual(
    overview.apis.map(({ name, requests }) => [name, requests]),
    [['attacked', 4]],
  )
  assert.ok((overview.totals.p99 ?? 0) > 0)
  const { json: traffic } = await admin.call<'getTraffic'>('GET /traffic?api=attacked&step=60')
  assert.equal(
    traffic.points.reduce((sum, { requests }) => sum + requests, 0),
    4,
  )
  const { json: top } = await admin.call<'getTop'>('GET /top?dimension=consumer')
  assert.equal(top.names[0]?.requests, 3)
})

test('a range that nobody can draw is refused', async () => {
  for (const query of [
    'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
    'from=2020-01-01T00:00:00Z',
    'step=1&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z',
    'step=0',
    'from=yesterday',
    'until=2026-01-01T00:00:00Z',
  ])
    assert.equal((await admin.call(`GET /traffic?${query}`)).status, 422, query)
})

test('limits are told with who has used most of one', async () => {
  const { json } = await admin.call<'getLimits'>('GET /limits')
  const [tier] = json.tiers
  assert.deepEqual(
    tier?.policies.map(({ limit, windowSeconds }) => [limit, windowSeconds]),
    [
      [5, 60],
      [100, 86_400],
    ],
  )
  const most = json.uses.find(({ policy }) => policy === 'small')
  assert.ok(most !== undefined && most.used > 0.5, JSON.stringify(json.uses))
  assert.ok(json.uses.every(({ policy }) => !policy.startsWith('admin')))
})

test('what happens is told while it does, to those who are logged in and no longer', async () => {
  const watcher = await invite(admin, gate.gateway, 'viewer', 'watcher')
  const stream = await openStream(gate, watcher)
  assert.equal(stream.type, 'text/event-stream')
  await gate.exchange(plainRequest('GET /'))
  await eventually(() =>
    /event: traffic\ndata: .*"requests":1,"refused":1.*"authentication":\{"refused":1/.test(stream.text()),
  )
  await gate.gateway.reload('test')
  await eventually(() => /event: change\ndata: .*"configuration-loaded"/.test(stream.text()))
  stream.close()
  assert.equal((await openStream(gate, undefined)).status, 401)
  await watcher[Symbol.asyncDispose]()
})

async function openStream({ gateway }: RunningGate, client: AdminClient | undefined) {
  let text = ''
  const call = request(`${gateway.addresses.admin}/api/v1/events`, {
    ca: readFileSync(gateway.certificateAuthority ?? ''),
    headers: client === undefined ? {} : { cookie: client.cookie },
    agent: false,
  }).end()
  const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    call.once('response', resolve)
    call.once('error', reject)
  })
  answer.on('error', () => {})
  answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return {
    status: answer.statusCode,
    type: answer.headers['content-type'],
    text: () => text,
    close: () => call.destroy(),
  }
}
