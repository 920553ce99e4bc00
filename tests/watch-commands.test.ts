import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { keyringSettings } from '../packages/gateway/src/config/keyring-settings.ts'
import { openKeyring } from '../packages/gateway/src/open-keyring.ts'
import { systemClock } from '../packages/kernel/src/index.ts'
import { runCommand } from './run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'gateward-watch-'))
const data = ['--data', join(folder, 'data')]

before(async () => {
  await using stack = new AsyncDisposableStack()
  const location = { data: join(folder, 'data'), keyring: keyringSettings.parse({}) }
  const { store } = await openKeyring(location, systemClock, stack)
  const time = Date.now()
  await store.alerts.save({
    id: 'alert-1',
    rule: 'error-spike',
    subject: 'shop',
    severity: 'high',
    state: 'firing',
    openedAt: time,
    lastAt: time,
    resolvedAt: undefined,
    escalatedAt: undefined,
    count: 3,
    summary: 'many answers of shop are errors',
    details: [],
    silenced: false,
    acknowledgement: undefined,
  })
  await store.anomalies.add({
    id: 'anomaly-1',
    time,
    measure: 'requests',
    dimension: 'consumer',
    subject: 'acme',
    api: 'shop',
    severity: 'high',
    observed: 400,
    expected: 12,
    explanation: '400 requests in a minute',
  })
})
after(() => rmSync(folder, { recursive: true, force: true }))

test('an alert is acknowledged once, and shown with who looks after it', async () => {
  const listed = await runCommand('alerts', 'list', ...data)
  assert.equal(listed.code, 1)
  assert.match(listed.out, /alert-1 .*firing/)
  const note = ['--note', 'the database is slow']
  const taken = await runCommand('alerts', 'acknowledge', 'alert-1', '--by', 'ada', ...note, ...data)
  assert.deepEqual([taken.code, taken.out.trim()], [0, 'ada looks after it: error-spike about shop.'])
  assert.match((await runCommand('alerts', 'list', ...data)).out, /firing \(ada\)/)
  const again = await runCommand('alerts', 'acknowledge', 'alert-1', ...data)
  assert.equal(again.code, 1)
  assert.match(again.err, /ada acknowledged it at/)
})

test('what is expected is remembered, listed, and taken back', async () => {
  const reason = ['--reason', 'the spring sale']
  assert.equal((await runCommand('anomalies', 'expected', 'anomaly-1', ...reason, ...data)).code, 0)
  const listed = await runCommand('anomalies', 'expectations', '--json', ...data)
  const [expectation] = JSON.parse(listed.out) as { id: string; subject: string; reason: string }[]
  assert.deepEqual([expectation?.subject, expectation?.reason], ['acme', 'the spring sale'])
  const id = expectation?.id ?? ''
  const forgotten = await runCommand('anomalies', 'forget', id, ...data)
  assert.match(forgotten.out, /Forgotten: requests of acme is told again/)
  assert.match((await runCommand('anomalies', 'expectations', ...data)).out, /Nothing is expected/)
  assert.equal((await runCommand('anomalies', 'forget', id, ...data)).code, 1)
})

test('all of it is in the audit log, silences too', async () => {
  const order = ['error-spike', '--for', '2h', '--reason', 'a load test']
  const silenced = await runCommand('alerts', 'silence', ...order, '--json', ...data)
  const { id } = JSON.parse(silenced.out) as { id: string }
  await runCommand('alerts', 'unsilence', id, ...data)
  const listed = await runCommand('audit', 'list', '--json', ...data)
  const rows = JSON.parse(listed.out) as { action: string; target: string; reason?: string }[]
  const ofWatch = rows.filter(({ action }) => /^(?:alert|anomaly)\./.test(action))
  assert.deepEqual(ofWatch.map(({ action, target, reason }) => [action, target, reason]).toReversed(), [
    ['alert.acknowledge', 'error-spike shop', 'the database is slow'],
    ['anomaly.expect', 'anomaly-1', 'the spring sale'],
    ['anomaly.forget', ofWatch[2]?.target, undefined],
    ['alert.silence', 'error-spike *', 'a load test'],
    ['alert.unsilence', 'error-spike *', undefined],
  ])
})
