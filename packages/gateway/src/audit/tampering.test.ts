import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { systemClock } from '@gateward/kernel'
import { Sealing } from '../keyring/sealing/sealing.ts'
import { openTestStore, type TestStore } from '../store/testing.ts'
import { makeAnchor, readAnchor, toKnownHead } from './anchor.ts'
import type { AuditEvent } from './audit-event.ts'
import { createAuditLog, hashOf } from './audit-log.ts'
import { canonicalJson } from './canonical-json.ts'
import { readAnchors, writeAnchor } from './read-anchors.ts'
import { verifyAudit, type AuditVerification, type KnownHead } from './verify-chain.ts'

/** What somebody can do to the file who owns it, and what is found of it. */
const attacks: readonly (readonly [what: string, sql: string, found: RegExp])[] = [
  [
    'a text of another row',
    `update audit set body = (select body from audit where number = 2) where number = 3`,
    /row 3 is not what was written/,
  ],
  [
    'a text that was never sealed',
    `update audit set body = '{"reason":"besides"}' where number = 3`,
    /row 3 is not what was written/,
  ],
  [
    'a text under a key that there never was',
    `update audit set body = replace(body, ':dk_', ':dk_x') where number = 3`,
    /row 3 is not what was written/,
  ],
  ['a changed column', `update audit set actor = 'nobody' where number = 3`, /row 3 is not what was written/],
  ['a changed time', `update audit set at = at + 1 where number = 3`, /row 3 is not what was written/],
  [
    'a changed hash',
    `update audit set hash = '${'0'.repeat(64)}' where number = 3`,
    /row 3 is not what was written/,
  ],
  ['a removed row', `delete from audit where number = 3`, /row 3 is gone/],
  ['the first row removed', `delete from audit where number = 1`, /row 1 is gone/],
  ['several rows removed', `delete from audit where number between 2 and 4`, /rows 2 to 4 are gone/],
  [
    'the end removed',
    `delete from audit where number > 4`,
    /a signature covers row 5, and the log ends with row 4/,
  ],
  ['everything removed', `delete from audit`, /the log ends with row 0/],
  [
    'two rows exchanged',
    `update audit set number = 99 where number = 2; update audit set number = 2 where number = 3; update audit set number = 3 where number = 99`,
    /row 2 is not what was written/,
  ],
  [
    'a row removed and the rest renumbered',
    `delete from audit where number = 3; update audit set number = number - 1 where number > 3`,
    /row 3 is not what was written/,
  ],
  [
    'a row added',
    `insert into audit select 7, at, actor, action, target, body, hash, actor_key, target_key from audit where number = 6`,
    /row 7 is not what was written/,
  ],
  [
    'a changed signature',
    `update audit_seal set signature = 'AAAA' where number = 4`,
    /the signature of row 4 is not/,
  ],
  [
    'a signature of another row',
    `update audit_seal set signature = (select signature from audit_seal where number = 2) where number = 4`,
    /the signature of row 4 is not/,
  ],
  ['a signature removed', `delete from audit_seal where number = 4`, /row 4 is not signed/],
  [
    'a foreign key named',
    `update audit_seal set key_id = 'dk_foreign' where number = 4`,
    /the keyring never had that key/,
  ],
]

for (const [what, sql, found] of attacks) {
  test(`${what} is found`, async () => {
    await using subject = await openFilled()
    tamper(subject, sql)
    assert.match(told(await verify(subject)), found)
  })
}

test('a changed reason is found, though it was sealed with the right key', async () => {
  await using subject = await openFilled()
  const [row] = await subject.store.audit.read(3, 1)
  reseal(subject, 3, row?.body.replace('because', 'besides') ?? '')
  assert.match(told(await verify(subject)), /row 3 is not what was written/)
})

test('nothing is found where nothing was done, also after a restart', async () => {
  await using subject = await openFilled()
  const { rows, seals, sealedUpTo, findings } = await verify(subject)
  assert.deepEqual({ rows, seals, sealedUpTo, findings }, { rows: 6, seals: 6, sealedUpTo: 6, findings: [] })
  await subject.reopen()
  assert.deepEqual((await verify(subject)).findings, [])
})

test('a chain that was written anew from a row on is found by the signatures', async () => {
  await using subject = await openFilled()
  await rewrite(subject, 3)
  assert.match(told(await verify(subject)), /row 3 is another one than was signed/)
  tamper(subject, 'delete from audit_seal where number >= 3')
  assert.match(told(await verify(subject)), /row 3 is not signed/)
})

test('an end that was cut off with its signatures is found by an anchor alone, and so is a chain written anew', async () => {
  await using subject = await openFilled()
  const anchor = await makeAnchor(subject.store.audit, subject.keys.signer('audit'))
  assert.ok(anchor)
  const heads = [toKnownHead(anchor, 'the anchor')]
  assert.deepEqual((await verify(subject, heads)).findings, [])
  tamper(subject, 'delete from audit where number > 4; delete from audit_seal where number > 4')
  assert.deepEqual((await verify(subject)).findings, [])
  assert.match(told(await verify(subject, heads)), /the anchor knows row 6, and the log ends with row 4/)
  await record(subject, 'other.one')
  await record(subject, 'other.two')
  assert.match(told(await verify(subject, heads)), /row 6 is another one than the anchor knows/)
})

test('an anchor that was changed is none', async () => {
  await using subject = await openFilled()
  const anchor = await makeAnchor(subject.store.audit, subject.keys.signer('audit'))
  assert.ok(anchor)
  assert.deepEqual(readAnchor(JSON.stringify(anchor)), anchor)
  for (const change of [
    { number: 5 },
    { hash: '0'.repeat(64) },
    { at: anchor.at + 1 },
    { signature: 'AAAA' },
  ])
    assert.match(toText(readAnchor(JSON.stringify({ ...anchor, ...change }))), /its signature is not good/)
  for (const text of ['', '{}', 'null', JSON.stringify({ ...anchor, extra: 1 })])
    assert.match(toText(readAnchor(text)), /no anchor/)
  writeAnchor(subject.directory, anchor, undefined)
  const file = join(subject.directory, 'anchors', '000000000006.json')
  assert.equal((await readAnchors(subject.directory)).knownHeads.length, 1)
  writeFileSync(file, readFileSync(file, 'utf8').replace('"number": 6', '"number": 2'))
  assert.match((await readAnchors(subject.directory)).brokenAnchors[0] ?? '', /its signature is not good/)
})

test('what the program itself would change is refused by the file', async () => {
  await using subject = await openFilled()
  const database = new DatabaseSync(join(subject.directory, 'gateward.sqlite'))
  for (const sql of ['update audit set at = 1', 'delete from audit', 'delete from audit_seal'])
    assert.throws(() => database.exec(sql), /the audit log is only added to/)
  database.close()
})

test('two logs on one file write one chain', async () => {
  await using subject = await openFilled()
  const other = createAuditLog({
    store: subject.store.audit,
    clock: systemClock,
    signer: subject.keys.signer('audit'),
  })
  for (let count = 0; count < 100; count++) await record(subject, `many.${count}`)
  await Promise.all([
    record(subject, 'a'),
    other.record(eventOf('b')),
    record(subject, 'c'),
    other.record(eventOf('d')),
  ])
  assert.deepEqual((await verify(subject)).findings, [])
})

test('whatever text is written has one form, and is verified', async () => {
  await using subject = await openFilled()
  const log = createAuditLog({
    store: subject.store.audit,
    clock: systemClock,
    signer: subject.keys.signer('audit'),
  })
  const reason = 'lone \ud800 surrogate, \u0000, "quotes", \u2028 and 😀'
  await log.record({ ...eventOf('odd'), target: '\udfff', reason, after: { n: 1e21, list: [undefined, -0] } })
  assert.deepEqual((await verify(subject)).findings, [])
})

function toText(reading: ReturnType<typeof readAnchor>): string {
  return typeof reading === 'string' ? reading : 'an anchor'
}

async function openFilled(): Promise<TestStore> {
  const subject = await openTestStore()
  for (let count = 1; count <= 6; count++) await record(subject, `test.${count}`)
  return subject
}

async function record({ store, keys }: TestStore, action: string): Promise<void> {
  const log = createAuditLog({ store: store.audit, clock: systemClock, signer: keys.signer('audit') })
  await log.record(eventOf(action))
}

function eventOf(action: string): AuditEvent {
  return { actor: { name: 'ada', kind: 'account' }, action, target: 'k1', reason: 'because', outcome: 'done' }
}

function verify(
  { store, keys }: TestStore,
  knownHeads: readonly KnownHead[] = [],
): Promise<AuditVerification> {
  return verifyAudit(store.audit, { signer: keys.signer('audit'), knownHeads, brokenAnchors: [] })
}

function told({ findings }: AuditVerification): string {
  return findings.map(({ message }) => message).join('\n')
}

/** As somebody who owns the file: past the triggers that keep careless hands from it. */
function tamper({ directory }: TestStore, sql: string): void {
  const database = new DatabaseSync(join(directory, 'gateward.sqlite'))
  for (const table of ['audit', 'audit_seal'])
    for (const change of ['update', 'delete']) database.exec(`drop trigger if exists ${table}_no_${change}`)
  database.exec(sql)
  database.close()
}

/** Puts another text in the place of a row's, as somebody would who has the keys of the store. */
function reseal(subject: TestStore, number: number, body: string, hash?: string): void {
  tamper(subject, '')
  const sealed = new Sealing(subject.keys).column('audit', 'body').seal(String(number), body)
  using database = new DatabaseSync(join(subject.directory, 'gateward.sqlite'))
  database.prepare('update audit set body = ? where number = ?').run(sealed, number)
  if (hash !== undefined) database.prepare('update audit set hash = ? where number = ?').run(hash, number)
}

/** Changes a row and writes all hashes after it anew, as somebody would who knows how they are made. */
async function rewrite(subject: TestStore, from: number): Promise<void> {
  const rows = await subject.store.audit.read(from - 1, 10)
  let previous = rows[0]?.hash ?? ''
  for (const { number, body: before } of rows.slice(1)) {
    const event = JSON.parse(before) as Record<string, unknown>
    const body = canonicalJson({ ...event, reason: number === from ? 'another' : event['reason'], previous })
    previous = hashOf(body)
    reseal(subject, number, body, previous)
  }
}
