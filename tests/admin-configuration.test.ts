import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startGateway, type Gateway } from '@gateward/gateway'
import { becomeAdmin, invite, openAdminClient, type AdminClient } from './admin-client.ts'
import { eventually } from './run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'gateward-configuration-'))
const file = join(folder, 'gateward.yaml')

let gateway: Gateway
let admin: AdminClient

before(async () => {
  writeFileSync(file, textWith('60/min'))
  gateway = await startGateway({ file, env: { PEPPER: 'ab'.repeat(32) } })
  admin = openAdminClient(gateway)
  await becomeAdmin(admin, gateway)
})

after(async () => {
  await admin[Symbol.asyncDispose]()
  await gateway[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

test('a text is tried without being taken over: every mistake with its place, and what would change', async () => {
  const bad = await admin.call<'checkConfiguration'>('POST /configuration/check', {
    text: textWith('60/min').replace('tiers:', 'guards: { waf: { paranoya: 1 } }\ntiers:'),
  })
  assert.equal(bad.json.valid, false)
  const [mistake] = bad.json.diagnostics
  assert.match(mistake?.message ?? '', /unknown setting guards\.waf\.paranoya/)
  assert.equal(mistake?.position?.file, file)
  assert.ok(bad.json.diff.some(({ kind, lines }) => kind === 'added' && lines[0]?.includes('paranoya')))
  const good = await admin.call<'checkConfiguration'>('POST /configuration/check', {
    text: textWith('61/min'),
  })
  assert.deepEqual([good.json.valid, readFileSync(file, 'utf8')], [true, textWith('60/min')])
})

test('a text is applied, shown in the history with what changed, and brought back in one step', async () => {
  const first = await current()
  const applied = await admin.call<'applyConfiguration'>(
    'PUT /configuration',
    { text: textWith('90/min'), reason: 'more for everybody' },
    { 'if-match': first.etag },
  )
  assert.equal(applied.status, 200)
  assert.equal(readFileSync(file, 'utf8'), textWith('90/min'))
  assert.match((await admin.call<'getConfiguration'>('GET /configuration')).json.effective, /90\/min/)
  const { json } = await admin.call<'listConfigurations'>('GET /configuration/versions')
  assert.deepEqual(
    json.versions.map(({ number, actor, source, reason, running }) => [
      number,
      actor,
      source,
      reason,
      running,
    ]),
    [
      [2, 'ada', 'admin', 'more for everybody', true],
      [1, 'gateway', 'start', '', false],
    ],
  )
  const { json: version } = await admin.call<'getConfigurationVersion'>('GET /configuration/versions/2')
  assert.deepEqual(
    version.diff.filter(({ kind }) => kind !== 'same').map(({ kind, lines }) => [kind, lines[0]?.trim()]),
    [
      ['removed', 'free: { rate: 60/min }'],
      ['added', 'free: { rate: 90/min }'],
    ],
  )
  const second = await current()
  const back = await admin.call('POST /configuration/versions/1/rollback', {}, { 'if-match': second.etag })
  assert.equal(back.status, 200)
  assert.equal(readFileSync(file, 'utf8'), textWith('60/min'))
  const { json: audit } = await admin.call<'listAudit'>('GET /audit?action=configuration.')
  assert.deepEqual(
    audit.entries.map(({ action, actor, outcome }) => [action, actor.name, outcome]),
    [
      ['configuration.rollback', 'ada', 'done'],
      ['configuration.apply', 'ada', 'done'],
    ],
  )
})

test('what cannot run is not taken over, and the file stays as it was', async () => {
  const { etag } = await current()
  const text = textWith('60/min').replace('contract: none', 'contract: ./nowhere.yaml')
  const { status, json } = await admin.call('PUT /configuration', { text }, { 'if-match': etag })
  assert.equal(status, 409)
  assert.match(json.detail, /nowhere\.yaml/)
  assert.equal(readFileSync(file, 'utf8'), textWith('60/min'))
  assert.equal((await current()).etag, etag)
})

test('of two who change the file, the second is told; so is one who did not look, or tries it dry', async () => {
  const { etag } = await current()
  const change = (rate: string, headers: Record<string, string>) =>
    admin.call('PUT /configuration', { text: textWith(rate) }, headers)
  const replies = await Promise.all(['70/min', '71/min'].map((rate) => change(rate, { 'if-match': etag })))
  assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([200, 412]))
  assert.equal((await change('72/min', {})).status, 428)
  for (const tag of ['*', `W/${etag}`, `${etag}, "x"`, 'x'])
    assert.equal((await change('72/min', { 'if-match': tag })).status, 428, tag)
  const dry = await admin.call<'applyConfiguration'>(
    'PUT /configuration?dryRun=true',
    { text: textWith('80/min') },
    { 'if-match': (await current()).etag },
  )
  assert.deepEqual([dry.status, dry.json.valid], [200, true])
  assert.doesNotMatch(readFileSync(file, 'utf8'), /80\/min/)
})

test('a file that is changed by hand is in the history and the audit log, too', async () => {
  writeFileSync(file, textWith('100/min'))
  const entry = await eventually(async () => {
    const { json } = await admin.call<'listAudit'>('GET /audit?action=configuration.load&limit=1')
    return json.entries[0]
  })
  assert.deepEqual([entry.actor.name, entry.outcome], ['gateway', 'done'])
  writeFileSync(file, 'version: 2\n')
  const refused = await eventually(async () => {
    const { json } = await admin.call<'getStatus'>('GET /status')
    return json.configuration.refused
  })
  assert.ok(refused.diagnostics.length > 0)
  writeFileSync(file, textWith('60/min'))
})

test('credentials in the file are shown to those who may write it, and to nobody else', async () => {
  const viewer = await invite(admin, gateway, 'viewer')
  const { text: shown } = await viewer.call('GET /configuration')
  assert.doesNotMatch(shown, /hunter2|abababab/)
  assert.match(shown, /\[redacted\]/)
  assert.equal((await viewer.call('GET /configuration/text')).status, 403)
  assert.equal((await viewer.call('POST /configuration/check', { text: 'x' })).status, 403)
  assert.doesNotMatch((await viewer.call('GET /configuration/versions/1')).text, /hunter2/)
  assert.match((await current()).text, /hunter2/)
  await viewer[Symbol.asyncDispose]()
})

async function current(): Promise<{ readonly etag: string; readonly text: string }> {
  const { headers, json } = await admin.call<'getConfigurationText'>('GET /configuration/text')
  return { etag: String(headers.etag), text: json.text }
}

function textWith(rate: string): string {
  return `# Before: https://user:hunter2@billing.example
version: 1
data: ./data
listen: { https: false, http: { port: 0 } }
admin: { port: 0 }
observe: { log: none }
keyring: { pepper: 'env:PEPPER' }
apis:
  shop: { contract: none, upstream: 'http://127.0.0.1:1' }
tiers:
  free: { rate: ${rate} }
`
}
