import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { AdminAnswer } from '@gateward/gateway/admin-contract'
import { becomeAdmin, openAdminClient, type AdminClient } from './admin-client.ts'
import { eventually, runCommand } from './run-command.ts'
import { plainRequest, startGate, type RunningGate } from './start-gate.ts'

const hour = 3_600_000
const now = Date.now()
const at = (hours: number): string => new Date(now + hours * hour).toISOString().replace(/\.\d+/, '')

const api = {
  versions: {
    in: ['path'],
    default: 'none',
    offered: {
      v0: {
        plan: {
          reason: 'its tokens never end',
          successor: 'v2',
          stages: { deprecated: at(-9), retired: at(-8) },
        },
      },
      v1: {
        plan: {
          reason: 'its orders can be read by anybody',
          insecure: true,
          finding: 'CVE-2027-12345',
          successor: 'v2',
          stages: {
            deprecated: at(-5),
            brownouts: [{ from: at(1), for: '15m' }],
            readOnly: at(24),
            retired: at(900),
          },
          forced: { retired: at(48) },
          exceptions: [
            {
              consumer: 'acme',
              reason: 'they move in June',
              owner: 'platform',
              expires: at(240).slice(0, 10),
            },
          ],
        },
      },
      v2: {},
    },
  },
}

let gate: RunningGate
let admin: AdminClient
let file: string

before(async () => {
  gate = await startGate({
    api,
    service: (_, response) => response.end('ok'),
  })
  file = join(gate.data, 'gateward.json')
  const settings = { version: 1, environment: 'test', data: gate.data }
  const apis = { attacked: { contract: 'none', upstream: 'http://127.0.0.1:9', ...api } }
  writeFileSync(file, JSON.stringify({ ...settings, apis }))
  admin = openAdminClient(gate.gateway)
  await becomeAdmin(admin, gate.gateway)
  const key = async (consumer: string) =>
    (await gate.gateway.apiKeys.create({ consumer, label: consumer, life: hour })).key.reveal()
  const [acme, globex] = [await key('acme'), await key('globex')]
  for (let nth = 0; nth < 3; nth++) await send('/v1/orders', acme)
  await send('/v1/orders', globex)
  await send('/v2/orders', globex)
  await send('/v0/orders', globex)
})

after(async () => {
  await admin[Symbol.asyncDispose]()
  await gate[Symbol.asyncDispose]()
})

async function send(path: string, key: string): Promise<void> {
  await gate.exchange(plainRequest(`GET ${path}`, `x-api-key: ${key}`))
}

test('the admin API says how each version stands, what comes next, and who still calls', async () => {
  const versions = await eventually(async () => {
    const { json } = await admin.call<'listVersions'>('GET /versions')
    return json.versions.find(({ version }) => version === 'v1')?.callers.requests === 4
      ? json.versions
      : undefined
  })
  assert.deepEqual(
    versions.map(({ api: name, stage, next, callers }) => [
      name,
      stage,
      next?.stage,
      callers.active,
      callers.refused,
    ]),
    [
      ['attacked@v0', 'retired', undefined, 1, 1],
      ['attacked@v1', 'deprecated', 'brownouts', 2, 0],
      ['attacked@v2', 'current', undefined, 1, 0],
    ],
  )
  const v1 = versions[1]
  assert.deepEqual(
    v1?.plan?.stages.map(({ stage, at: begins, begun }) => [stage, begins, begun]),
    [
      ['deprecated', moment(-5), true],
      ['brownouts', moment(1), false],
      ['read-only', moment(24), false],
      // What is forced goes before what was announced.
      ['retired', moment(48), false],
    ],
  )
  assert.match(v1?.concern ?? '', /begins to refuse soon, and 2 of 2 consumers still call/)
  const { json } = await admin.call<'listCallers'>('GET /versions/attacked@v1/callers')
  assert.deepEqual(
    json.callers.map(({ consumer, requests, successorSeen, exceptionEnds }) => [
      consumer,
      requests,
      successorSeen !== undefined,
      exceptionEnds !== undefined,
    ]),
    [
      ['globex', 1, true, false],
      ['acme', 3, false, true],
    ],
  )
  for (const name of ['attacked', 'attacked@v3', 'other@v1'])
    assert.equal((await admin.call('GET /versions/' + name + '/callers')).status, 404)
})

function moment(hours: number): string {
  return new Date(at(hours)).toISOString()
}

test('a stage that begins is told to the log, to alerts and to whoever follows events', async () => {
  const alerts = await eventually(async () => {
    const { json } = await admin.call<'listAlerts'>('GET /alerts')
    const found = json.alerts.filter(({ rule }) => rule === 'version-stage')
    return found.length === 2 ? found : undefined
  })
  assert.deepEqual(alerts.map(({ subject, severity }) => `${subject} ${severity}`).sort(), [
    'attacked@v0 retired low',
    'attacked@v1 deprecated medium',
  ])
})

test('gateward versions says the same, and ends with 1 where somebody is needed', async () => {
  const all = await runCommand('versions', '-c', file)
  assert.equal(all.code, 1, all.err)
  assert.match(all.out, /attacked@v1 +deprecated since .* +brownouts in \d+ minutes +2 of 2 /)
  assert.match(all.out, /attacked@v1: it begins to refuse soon/)
  const one = await runCommand('versions', 'attacked@v1', '-c', file)
  assert.match(one.out, /because its orders can be read by anybody \(CVE-2027-12345\)/)
  assert.match(one.out, /acme +3 +0 .* excepted until/)
  const json = await runCommand('versions', 'attacked', '-c', file, '--json')
  const versions = JSON.parse(json.out) as (AdminAnswer<'listVersions'>['versions'][number] & {
    consumers: unknown[]
  })[]
  assert.deepEqual(
    versions.map(({ version, consumers }) => [version, consumers.length]),
    [
      ['v0', 1],
      ['v1', 2],
      ['v2', 1],
    ],
  )
  const far = await runCommand('versions', '-c', file, '--within', '5m')
  assert.equal(far.code, 0)
  const unknown = await runCommand('versions', 'attacked@v9', '-c', file)
  assert.deepEqual([unknown.code, /name one of attacked@v0, attacked@v1/.test(unknown.err)], [1, true])
})

test('the review tells who may go on, and until when', async () => {
  const { json } = await admin.call<'getReview'>('GET /audit/review')
  const { exceptions, endings } = json.review
  assert.ok(
    exceptions.some(({ subject, message }) => subject === 'plan of attacked@v1' && /acme/.test(message)),
  )
  assert.ok(endings.some(({ subject }) => subject === 'exception attacked@v1 acme'))
})
