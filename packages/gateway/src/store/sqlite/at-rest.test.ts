import { Secret } from '@gateward/kernel'
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import type { AlertRecord } from '../alert-store.ts'
import type { AnomalyRecord } from '../anomaly-store.ts'
import { exampleRecord } from '../api-key-store.contract.ts'
import type { HistoryStore, RollupRow } from '../history-store.ts'
import type { Store } from '../store.ts'
import { openTestStore, openWithKeys } from '../testing.ts'

const secrets = {
  consumer: 'consumer-of-mystery',
  label: 'Mystery Ltd, 12 Hidden Lane',
  attributes: { contact: 'mystery@example.com' },
}
const privateKey = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIMystery'
const plaintexts = [
  'mystery-of-the-watch',
  secrets.consumer,
  secrets.label,
  secrets.attributes.contact,
  '203.0.113.77',
  'PRIVATE KEY',
]

/** What is kept of the watch, of configurations and of people, with something in each that nobody else may read. */
const hidden = 'mystery-of-the-watch'
const alert: AlertRecord = {
  id: 'alert_1',
  rule: 'credential-stuffing',
  subject: `consumer ${hidden}`,
  severity: 'high',
  state: 'firing',
  openedAt: 1,
  lastAt: 2,
  resolvedAt: undefined,
  escalatedAt: undefined,
  count: 3,
  summary: `much of ${hidden}`,
  details: [`from ${hidden}`],
  silenced: false,
  acknowledgement: undefined,
}
const silence = {
  id: 's1',
  rule: '*',
  subject: hidden,
  createdAt: 1,
  until: 9e12,
  reason: `asked by ${hidden}`,
}
const anomaly: AnomalyRecord = {
  id: 'anomaly_1',
  time: 1,
  measure: 'requests',
  dimension: 'consumer',
  subject: hidden,
  api: 'shop',
  severity: 'high',
  observed: 1,
  expected: 2,
  explanation: `${hidden} asks more than ever`,
}
const account = {
  id: 'account_1',
  name: hidden,
  role: 'admin' as const,
  enabled: true,
  passwordHash: `$scrypt$${hidden}`,
  subject: `https://id.example ${hidden}`,
  createdAt: 1,
  changedAt: 1,
  revision: 1,
}
const passkey = {
  id: 'passkey_1',
  account: account.id,
  label: `phone of ${hidden}`,
  publicKey: 'public',
  counter: 0,
  transports: [],
  createdAt: 1,
  usedAt: undefined,
}
const token = {
  id: 'token_1',
  hash: 'hash',
  display: 'gwa_…',
  label: `script of ${hidden}`,
  account: account.id,
  role: 'viewer' as const,
  createdAt: 1,
  expiresAt: 9e12,
}
const version = {
  at: 1,
  hash: '9c41',
  actor: `account ${hidden}`,
  source: 'admin-api',
  reason: `because of ${hidden}`,
  text: `# of ${hidden}`,
}

const expectation = {
  measure: 'requests',
  dimension: 'consumer' as const,
  subject: hidden,
  api: 'shop',
  observed: 7.5,
  reason: `${hidden} told us`,
  createdAt: 1,
  until: 9e12,
}
const auditRow = {
  number: 1,
  at: 1,
  actor: hidden,
  action: 'key.create',
  target: `key of ${hidden}`,
  body: `{"actor":"${hidden}"}`,
  hash: 'hash of the body',
}

async function fillWatch({ accounts, alerts, anomalies, audit, configurations }: Store): Promise<void> {
  await alerts.save(alert)
  await alerts.addSilence(silence)
  await anomalies.add(anomaly)
  await anomalies.expect({ ...expectation, observed: 1 })
  await anomalies.expect(expectation)
  await audit.append({ row: auditRow, seal: undefined })
  await anomalies.saveLearned('baselines', JSON.stringify({ [hidden]: 7 }))
  await accounts.insert(account)
  await accounts.addPasskey(passkey)
  await accounts.addToken(token)
  await configurations.add(version, 9)
}

async function assertWatch({ accounts, alerts, anomalies, audit, configurations }: Store): Promise<void> {
  assert.deepEqual(await alerts.list({ limit: 9 }), [alert])
  assert.deepEqual(await alerts.silences(5), [silence])
  assert.deepEqual(await anomalies.find(anomaly.id), anomaly)
  assert.deepEqual(await anomalies.expectations(5), [expectation])
  assert.deepEqual(await audit.read(0, 9), [auditRow])
  assert.deepEqual(await audit.list({ limit: 9, actor: hidden, target: auditRow.target }), [auditRow])
  assert.deepEqual(await audit.list({ limit: 9, actor: 'somebody' }), [])
  assert.deepEqual(await accounts.findBySubject(account.subject), account)
  assert.equal(await anomalies.loadLearned('baselines'), JSON.stringify({ [hidden]: 7 }))
  assert.deepEqual(await accounts.findByName(hidden.toUpperCase()), account)
  assert.deepEqual(await accounts.passkeysOf(account.id), [passkey])
  assert.deepEqual(await accounts.tokens(), [token])
  assert.deepEqual(await configurations.list(9), [{ ...version, number: 1 }])
}

const firstMinute = { step: 60, from: 0, to: 60_000 } as const
const rollups = [
  rollupOf('consumer', hidden, 5),
  rollupOf('consumer', 'another', 2),
  rollupOf('address', '203.0.113.77', 3),
  rollupOf('country', 'NO', 4),
]

function rollupOf(dimension: RollupRow['dimension'], name: string, requests: number): RollupRow {
  const counts = {
    refused: 0,
    status2xx: 0,
    status3xx: 0,
    status4xx: 0,
    status5xx: 0,
    bytesIn: 0,
    bytesOut: 0,
  }
  return { step: 60, start: 0, dimension, name, requests, ...counts, latency: undefined }
}

async function assertRollups(history: HistoryStore, times: number): Promise<void> {
  for (const { dimension, name, requests } of rollups) {
    const found = await history.read({ ...firstMinute, dimension, name })
    assert.deepEqual(
      found.map((row) => [row.name, row.requests]),
      [[name, requests * times]],
    )
    const sums = await history.sum({ ...firstMinute, dimension, limit: 9 })
    assert.equal(sums.find((sum) => sum.name === name)?.requests, requests * times)
  }
}

/** Writes rollups as a version before their names were sealed. */
function unsealHistory(directory: string): void {
  using database = new DatabaseSync(join(directory, 'gateward.sqlite'))
  database.exec('drop table version_calls; drop table plan_stage')
  database.exec("drop table content_key; delete from kysely_migration where name > '0043-sealed-people'")
  const insert = database.prepare('insert into rollup values (?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, null)')
  for (const { step, dimension, start, name, requests } of rollups)
    insert.run(step, dimension, start, name, requests)
}

/** Writes over what is sealed as a version before the last step had it. */
function unsealWatch(directory: string): void {
  using database = new DatabaseSync(join(directory, 'gateward.sqlite'))
  const set = (table: string, columns: Readonly<Record<string, string | null>>): void => {
    const names = Object.keys(columns)
    database
      .prepare(`update ${table} set ${names.map((name) => `${name} = ?`).join(', ')}`)
      .run(...Object.values(columns))
  }
  set('alert', { subject: alert.subject, summary: alert.summary, details: JSON.stringify(alert.details) })
  set('silence', { subject: silence.subject, reason: silence.reason })
  set('anomaly', { subject: anomaly.subject, explanation: anomaly.explanation })
  set('learned', { text: JSON.stringify({ [hidden]: 7 }) })
  database.exec('drop index account_by_subject; alter table account drop column subject_key')
  set('account', {
    name: hidden,
    name_key: hidden,
    password_hash: account.passwordHash,
    subject: account.subject,
  })
  database.exec('drop trigger audit_no_update; drop index audit_by_actor; drop index audit_by_target')
  for (const column of ['actor', 'target'])
    database.exec(
      `alter table audit drop column ${column}_key; create index audit_by_${column} on audit (${column}, number)`,
    )
  set('audit', { actor: auditRow.actor, target: auditRow.target, body: auditRow.body })
  database.exec("create trigger audit_no_update before update on audit begin select raise(abort, 'no'); end")
  database.exec('drop table expectation')
  database.exec(
    'create table expectation (measure text, dimension text, subject text, api text, reason text, observed real, created_at integer, until integer)',
  )
  const { measure, dimension, subject, api, reason, observed, createdAt, until } = expectation
  database
    .prepare('insert into expectation values (?, ?, ?, ?, ?, ?, ?, ?)')
    .run(measure, dimension, subject, api, reason, observed, createdAt, until)
  set('passkey', { label: passkey.label })
  set('admin_token', { label: token.label })
  set('configuration_version', { actor: version.actor, reason: version.reason, text: version.text })
  for (const column of ['acknowledged_by', 'acknowledged_at', 'acknowledged_note'])
    database.exec(`alter table alert drop column ${column}`)
  database.exec('drop table content_key; drop table version_calls; drop table plan_stage')
  database.exec("delete from kysely_migration where name > '0040-discovery'")
}

describe('a copied database file', () => {
  it('shows nothing of alerts, anomalies, configurations and the people of the admin address', async () => {
    await using subject = await openTestStore()
    await fillWatch(subject.store)
    assertHidden(subject.directory)
    await assertWatch(subject.store)
    const store = await subject.reopen()
    await assertWatch(store)
    const acknowledgement = { by: hidden, at: 7, note: `${hidden} knows` }
    await store.alerts.acknowledge(alert.id, acknowledgement)
    assertHidden(subject.directory)
    assert.deepEqual(await store.alerts.find(alert.id), { ...alert, acknowledgement })
  })

  it('that an earlier version has written with them in it shows nothing after the first start, and says the same', async () => {
    await using subject = await openTestStore()
    const directory = join(subject.directory, 'old')
    {
      await using opened = await openWithKeys(directory)
      await fillWatch(opened.store)
    }
    unsealWatch(directory)
    assert.ok(contents(directory).some((file) => file.includes(hidden)))
    for (let start = 0; start < 2; start++) {
      await using opened = await openWithKeys(directory)
      assertHidden(directory)
      await assertWatch(opened.store)
    }
  })

  it('shows no name of a person whose traffic was counted, and finds and adds up by them all the same', async () => {
    await using subject = await openTestStore()
    await subject.store.history.addBatch(rollups)
    await subject.store.history.addBatch(rollups)
    assertHidden(subject.directory)
    const { history } = await subject.reopen()
    await assertRollups(history, 2)
    await history.fold(60, 0, 'consumer', 1)
    const left = await history.sum({ ...firstMinute, dimension: 'consumer', limit: 9 })
    assert.deepEqual(
      left.map(({ name, requests }) => [name, requests]),
      [
        [hidden, 10],
        ['(other)', 4],
      ],
    )
    assertHidden(subject.directory)
  })

  it('that an earlier version has written with the names of people in its history shows none after the first start', async () => {
    await using subject = await openTestStore()
    const directory = join(subject.directory, 'old')
    await (await openWithKeys(directory))[Symbol.asyncDispose]()
    unsealHistory(directory)
    assert.ok(contents(directory).some((file) => file.includes(hidden)))
    for (let start = 1; start < 3; start++) {
      await using opened = await openWithKeys(directory)
      assertHidden(directory)
      await assertRollups(opened.store.history, start)
      await opened.store.history.addBatch(rollups)
    }
  })

  it('lets no counted name be put in the place of another, and still counts what stands there', async () => {
    await using subject = await openTestStore()
    const { history } = subject.store
    await history.addBatch(rollups)
    using database = new DatabaseSync(join(subject.directory, 'gateward.sqlite'))
    database.exec(
      "update rollup set name = (select max(name) from rollup where dimension = 'consumer') where dimension = 'address'",
    )
    const [moved] = await history.sum({ ...firstMinute, dimension: 'address', limit: 9 })
    assert.deepEqual([moved?.name, moved?.requests], ['(unreadable)', 3])
  })

  it('is brought under a new key whole, so that the one before can be retired', async () => {
    await using subject = await openTestStore()
    await fillWatch(subject.store)
    const before = (await subject.store.sealed.countByKey()).size
    assert.equal(before, 1)
    const active = await subject.rotate('store')
    while ((await subject.store.sealed.reseal(5)) > 0);
    assert.deepEqual([...(await subject.store.sealed.countByKey()).keys()], [active])
    await assertWatch(subject.store)
  })

  it('shows nothing of who has an API key, nor for whom was counted', async () => {
    await using subject = await openTestStore()
    await subject.store.apiKeys.insert(exampleRecord({ ...secrets }))
    await subject.store.quotas.addBatch([
      { key: 'address 203.0.113.77', policy: 'monthly', periodStart: 0, used: 1 },
    ])
    await subject.store.acme.saveAccountKey('https://ca.example', new Secret(privateKey))
    await subject.store.acme.saveCertificate('a.example', { chain: 'public', key: new Secret(privateKey) })
    await subject.store.versions.addBatch([
      { api: 'shop@v1', consumer: secrets.consumer, requests: 1, refused: 0, firstSeen: 1, lastSeen: 1 },
    ])
    assertHidden(subject.directory)
    assert.equal(await subject.store.quotas.read('address 203.0.113.77', 'monthly', 0), 1)
    assert.deepEqual(await subject.store.apiKeys.list({ limit: 9, consumer: secrets.consumer }), [
      exampleRecord({ ...secrets }),
    ])
  })

  for (const lastStep of ['0002-quotas', '0004-acme'])
    it(`that an earlier version has written, of ${lastStep}, shows nothing after the first start and says the same`, async () => {
      await using subject = await openTestStore()
      const directory = join(subject.directory, 'old')
      await makeOldStore(directory, lastStep)
      for (const text of plaintexts.slice(1, lastStep === '0004-acme' ? 6 : 5))
        assert.ok(contents(directory).some((file) => file.includes(text)))
      for (let start = 0; start < 2; start++) {
        await using opened = await openWithKeys(directory)
        assertHidden(directory)
        const { apiKeys, quotas, acme } = opened.store
        assert.deepEqual(await apiKeys.findById('key_old'), oldRecord)
        assert.deepEqual(await apiKeys.list({ limit: 9, consumer: secrets.consumer }), [oldRecord])
        assert.equal(await quotas.read('address 203.0.113.77', 'monthly', 5), 42)
        if (lastStep === '0004-acme') assert.equal((await acme.readAccountKey('ca'))?.reveal(), privateKey)
      }
    })

  it('keeps what the audit log says when it is sealed anew, and lets nothing else be written over it', async () => {
    await using subject = await openTestStore()
    await fillWatch(subject.store)
    await subject.rotate('store')
    while ((await subject.store.sealed.reseal(5)) > 0);
    assert.deepEqual(await subject.store.audit.read(0, 9), [auditRow])
    using database = new DatabaseSync(join(subject.directory, 'gateward.sqlite'))
    for (const change of [
      "hash = 'x'",
      'at = 2',
      'number = 2',
      "action = 'x'",
      "actor_key = 'x'",
      "target_key = 'x'",
    ])
      assert.throws(() => database.exec(`update audit set ${change}`), /only added to/, change)
    assert.throws(() => database.exec('delete from audit'), /only added to/)
    // What is written over the text itself is no row of the log any more, and is shown as what it is.
    database.exec("update audit set body = 'forged', actor = 'forged'")
    const [row] = await subject.store.audit.read(0, 9)
    assert.deepEqual([row?.body, row?.actor], ['forged', 'forged'])
  })

  it('gives no way to put a sealed value in the place of another', async () => {
    await using subject = await openTestStore()
    const { apiKeys } = subject.store
    await apiKeys.insert(exampleRecord({ id: 'key_1', hash: 'one' }))
    await apiKeys.insert(exampleRecord({ id: 'key_2', hash: 'two', label: 'other' }))
    using database = new DatabaseSync(join(subject.directory, 'gateward.sqlite'))
    const moves = [
      "set label = (select label from api_key where id = 'key_2') where id = 'key_1'",
      "set label = consumer where id = 'key_1'",
      "set label = 'plain' where id = 'key_1'",
      "set label = '' where id = 'key_1'",
      "set id = 'key_3' where id = 'key_1'",
    ]
    for (const move of moves) {
      database.exec(`begin; update api_key ${move}; commit`)
      await assert.rejects(async () => apiKeys.findByHash('one'), { code: 'ENVELOPE_UNREADABLE' }, move)
      assert.equal((await apiKeys.findByHash('two'))?.label, 'other')
    }
  })
})

const oldRecord = exampleRecord({ ...secrets, id: 'key_old', hash: 'old' })

/** A store as a version before sealing left it: the tables of its steps, and rows as they were. */
async function makeOldStore(directory: string, lastStep: string): Promise<void> {
  await using opened = await openWithKeys(directory)
  await opened.store.apiKeys.insert(oldRecord)
  await opened[Symbol.asyncDispose]()
  using database = new DatabaseSync(join(directory, 'gateward.sqlite'))
  database.exec('drop index api_key_by_consumer; alter table api_key drop column consumer_index')
  database.exec('pragma foreign_keys = off')
  for (const table of tablesMadeAfter(database, lastStep)) database.exec(`drop table ${table}`)
  database.prepare('delete from kysely_migration where name > ?').run(lastStep)
  database.exec("insert into quota values ('address 203.0.113.77', 'monthly', 5, 42)")
  database
    .prepare('update api_key set consumer = ?, label = ?, attributes = ?')
    .run(secrets.consumer, secrets.label, JSON.stringify(secrets.attributes))
  if (lastStep < '0003') database.exec("delete from revision where name = 'data_key'")
  else database.prepare("insert into acme_account values ('ca', ?)").run(privateKey)
}

function tablesMadeAfter(database: DatabaseSync, lastStep: string): readonly string[] {
  const kept = new Set(['api_key', 'quota', 'revision', 'kysely_migration', 'kysely_migration_lock'])
  if (lastStep >= '0003') {
    const later = [
      'data_key_event',
      'data_key',
      'acme_account',
      'acme_certificate',
      'acme_challenge',
      'lease',
    ]
    for (const table of later) kept.add(table)
  }
  const tables = database.prepare("select name from sqlite_schema where type = 'table'").all()
  return tables
    .map(({ name }) => String(name))
    .filter((name) => !kept.has(name) && !name.startsWith('sqlite_'))
}

function contents(directory: string): readonly Buffer[] {
  return readdirSync(directory)
    .filter((name) => name.startsWith('gateward.sqlite'))
    .map((name) => readFileSync(join(directory, name)))
}

function assertHidden(directory: string): void {
  for (const file of contents(directory)) for (const text of plaintexts) assert.ok(!file.includes(text), text)
}
