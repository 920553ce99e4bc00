import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { formatDiagnostics } from '@gateward/kernel'
import { createWaf, type CreatedWaf } from './create-waf.ts'
import { formatLogLine } from './log-line.ts'
import { ask } from './testing.ts'

test('the built-in rules load without a mistake, stop an attack and let a plain request pass', async () => {
  const { waf, diagnostics } = await createWaf({ rules: ['core'] })
  assert.ok(waf, formatDiagnostics(diagnostics))
  assert.deepEqual(diagnostics, [])
  assert.equal(ask(waf, { target: "/?id=1'%20or%201=1--%20" }).verdict.kind, 'block')
  assert.equal(ask(waf, { target: '/?id=17&q=blue+shirt', headers: { Host: 'shop' } }).verdict.kind, 'pass')
})

test('rule files are read with their data files, and a mistake leaves no engine', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-waf-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'words.data'), 'evil\n')
  writeFileSync(join(folder, 'good.conf'), 'SecRule ARGS "@pmFromFile words.data" "id:1,deny"')
  writeFileSync(
    join(folder, 'bad.conf'),
    'SecRule ARGS "@pmFromFile missing.data" "id:2"\nSecRule ARGZ "@rx a" "id:3"',
  )
  const good = await createWaf({ rules: ['good.conf'], directory: folder })
  assert.ok(good.waf)
  assert.equal(ask(good.waf, { target: '/?a=Evil' }).verdict.kind, 'block')
  assert.deepEqual(good.files, [join(folder, 'good.conf'), join(folder, 'words.data')])
  const both = await createWaf({ rules: ['good.conf', 'bad.conf'], directory: folder })
  assert.equal(both.waf, undefined)
  assert.equal(both.diagnostics.filter(({ severity }) => severity === 'error').length, 2)
})

test('the engine goes on with its collections until a byte of its rules or their data differs', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-waf-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  write('words.data', 'evil\n')
  write('a.conf', 'SecRule ARGS "@pmFromFile words.data" "id:1,deny"\nInclude more/*.conf')
  mkdirSync(join(folder, 'more'))
  write('more/b.conf', 'SecRule ARGS "@rx bad" "id:2,deny"')
  const load = (previous?: CreatedWaf) =>
    createWaf({ rules: ['a.conf'], directory: folder, ...(previous && { previous }) })
  const first = await load()
  assert.ok(first.waf, formatDiagnostics(first.diagnostics))
  assert.equal(await load(first), first)
  const change = async (name: string, text: string, target: string): Promise<void> => {
    const before = await load()
    write(name, text)
    const after = await load(before)
    assert.notEqual(after.waf, before.waf, name)
    assert.ok(after.waf)
    assert.equal(ask(after.waf, { target }).verdict.kind, 'block', name)
  }
  await change('words.data', 'vile\n', '/?a=vile')
  await change('more/b.conf', 'SecRule ARGS "@rx sad" "id:2,deny"', '/?a=sad')
  await change('more/c.conf', 'SecRule ARGS "@rx mad" "id:3,deny"', '/?a=mad')
  const last = await load()
  rmSync(join(folder, 'words.data'))
  assert.equal((await load(last)).waf, undefined)
})

test('a log line keeps its form whatever the request holds', () => {
  const match = {
    id: 942100,
    phase: 2,
    msg: 'SQL "injection"',
    data: 'found within ARGS:x: \n[id "1"]\xff',
    severity: 2,
    tags: ['attack-sqli'],
    variable: 'ARGS:x',
    position: { file: 'a.conf', line: 3, column: 1 },
    isAudited: true,
  }
  const context = { hostname: 'shop', uri: '/?"', id: 'u1', clientAddress: '192.0.2.1' }
  assert.equal(
    formatLogLine(match, context),
    '[client 192.0.2.1] ModSecurity: Warning. [file "a.conf"] [line "3"] [id "942100"] [msg "SQL \\"injection\\""] ' +
      '[data "found within ARGS:x: \\x0a[id \\"1\\"]\\xff"] [severity "2"] [tag "attack-sqli"] [hostname "shop"] ' +
      '[uri "/?\\""] [unique_id "u1"]',
  )
})
