import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { runCommand } from './run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'gateward-audit-'))
const data = ['--data', join(folder, 'data')]
const anchor = join(folder, 'anchor.json')
after(() => rmSync(folder, { recursive: true, force: true }))

test('what the command line does to keys and accounts is in the audit log, signed', async () => {
  const made = await runCommand('keys', 'create', 'acme', '--json', ...data)
  const { id, key } = JSON.parse(made.out) as { id: string; key: string }
  await runCommand('keys', 'revoke', id, ...data)
  const invited = await runCommand('admin', 'invite', '--role', 'viewer', '--json', ...data)
  assert.match((JSON.parse(invited.out) as { path: string }).path, /^\/welcome\/[0-9a-z-]{31}$/)
  const { out } = await runCommand('audit', 'list', ...data)
  assert.match(out, /account\.invite[^]*key\.revoke[^]*key\.create/)
  assert.match(out, /cli \w+/)
  assert.ok(!out.includes(key))
  const listed = JSON.parse(
    (await runCommand('audit', 'list', '--action', 'key.', '--json', ...data)).out,
  ) as unknown[]
  assert.equal(listed.length, 2)
  const verified = await runCommand('audit', 'verify', ...data)
  assert.equal(verified.code, 0)
  assert.match(verified.out, /3 rows, 3 signatures, 0 anchors · all as they were written/)
})

test('an anchor that is kept elsewhere finds an end that was cut off', async () => {
  assert.equal((await runCommand('audit', 'anchor', '--file', anchor, ...data)).code, 0)
  assert.equal((JSON.parse(readFileSync(anchor, 'utf8')) as { number: number }).number, 3)
  const good = await runCommand('audit', 'verify', '--anchor', anchor, '--json', ...data)
  assert.deepEqual([good.code, (JSON.parse(good.out) as { valid: boolean }).valid], [0, true])
  const database = new DatabaseSync(join(folder, 'data', 'gateward.sqlite'))
  for (const table of ['audit', 'audit_seal'])
    database.exec(`drop trigger ${table}_no_delete; delete from ${table} where number = 3`)
  database.close()
  rmSync(join(folder, 'data', 'anchors'), { recursive: true })
  assert.equal((await runCommand('audit', 'verify', ...data)).code, 0)
  const cut = await runCommand('audit', 'verify', '--anchor', anchor, ...data)
  assert.equal(cut.code, 1)
  assert.match(cut.out, /truncated +row 3: the anchor .* knows row 3, and the log ends with row 2/)
})

test('a review tells changes, exceptions and what ends, and is signed off in the log', async () => {
  const file = join(folder, 'gateward.yaml')
  const expires = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10)
  writeFileSync(
    file,
    `version: 1
data: ./data
apis:
  shop:
    contract: none
    upstream:
      targets: [{ url: 'https://127.0.0.1:1' }]
      tls: { verify: false, waiver: { reason: an old appliance, owner: ops@example.com, expires: ${expires} } }
    guards: { waf: { mode: shadow } }
guards: { flood: { mode: 'off' } }
`,
  )
  await runCommand('keys', 'create', 'short', '--expires', '10d', '-c', file)
  const { code, out } = await runCommand(
    'audit',
    'review',
    '--period',
    '30d',
    '--sign-off',
    'Ada',
    '--reason',
    'quarterly',
    '-c',
    file,
  )
  assert.equal(code, 0)
  for (const told of [
    /Audit {4}3 rows, all as they were written/,
    /key\.create +cli/,
    /guards\.flood +off/,
    /apis\.shop\.guards\.waf +in shadow/,
    /waiver shop +in 5 days +an old appliance/,
    /key key_\w+ +in 9 days +of short/,
    /WAF rules that matched nothing/,
    /Signed off by Ada as row 4/,
  ])
    assert.match(out, told)
  const again = JSON.parse((await runCommand('audit', 'review', '--json', '-c', file)).out) as {
    lastReview: { by: string }
    unusedRules: { total: number }
  }
  assert.equal(again.lastReview.by, 'Ada')
  assert.ok(again.unusedRules.total > 10)
})
