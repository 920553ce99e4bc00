import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createProgram } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'gateward-cli-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const contract = join(import.meta.dirname, 'demo', 'demo.openapi.yaml')
const flags = ['--contract', contract, '--upstream', 'http://127.0.0.1:1', '--data', join(folder, 'data')]

test('every command has a help text that fits its terminal and names --json', async () => {
  const waf = ['try', 'explain', 'profile', 'tune', 'install-crs'].map((name) => `waf ${name}`)
  for (const name of ['serve', 'demo', 'check', 'explain', 'doctor', ...waf]) {
    const { code, out } = await run(...name.split(' '), '--help')
    assert.equal(code, 0)
    assert.match(out, /--json/, name)
    for (const line of out.split('\n')) assert.ok(line.length <= 100, line)
  }
})

test('an unknown command, option or port ends with 2 and a way on', async () => {
  assert.match((await usage('chek')).err, /Did you mean check\?/)
  assert.match((await usage('keys', 'lst')).err, /Did you mean list\?/)
  assert.match((await usage('serve', '--contrct', 'x')).err, /Did you mean --contract\?/)
  assert.match((await usage('serve', '--port', '70000')).err, /0 to 65535/)
  assert.match((await usage('demo', '--port', 'x')).err, /0 to 65535/)
  assert.match((await usage('keys', 'create', 'acme', '--expires', '90')).err, /12h, 90d/)
  assert.match((await usage('keys', 'create')).err, /consumer/)
})

test('half of what a start without a file needs ends with 2 and names the other half', async () => {
  assert.match((await usage('serve', '--contract', contract)).err, /add --upstream <url>/)
  assert.match((await usage('serve', '--upstream', 'http://127.0.0.1:1')).err, /add --contract <file>/)
})

test('mistakes are all told at once, fit the terminal, and end with 1', async () => {
  const file = join(folder, 'bad.yaml')
  writeFileSync(
    file,
    'version: 1\napis:\n  shop: { contract: none, upstream: ftp://x }\nguards: { waff: {} }\n',
  )
  for (const command of ['serve', 'check']) {
    const { code, out, err } = await run(command, '-c', file)
    assert.equal(code, 1)
    for (const told of [/bad\.yaml:3:\d+/, /bad\.yaml:4:\d+/, /2 errors · nothing was loaded/])
      assert.match(out + err, told)
    for (const line of (out + err).split('\n')) assert.ok(line.length <= 100, line)
  }
})

test('the same warning of many operations is told once, with how many there are', async () => {
  const { code, out } = await run('check', ...flags)
  assert.equal(code, 0)
  assert.match(out, /demo\.openapi\.yaml:\d+:\d+ {3}and 8 more like it/)
  assert.match(out, /9 warnings · 12 operations would be served/)
  assert.ok(out.split('\n').length < 8, out)
})

test('a contract of 13 MB is checked in a dozen lines, and --json has them all', async () => {
  const large = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json')
  const where = ['check', '--contract', large, '--upstream', 'http://127.0.0.1:1']
  const { code, out } = await run(...where)
  assert.equal(code, 0)
  assert.ok(out.split('\n').length <= 15, out)
  const { diagnostics } = JSON.parse((await run(...where, '--json')).out) as { diagnostics: unknown[] }
  assert.ok(diagnostics.length > 1_000)
})

test('the schema of the configuration is JSON Schema, and the settings in effect print as YAML and JSON', async () => {
  const schema = JSON.parse((await run('config', 'schema')).out) as Record<string, unknown>
  assert.equal(schema['type'], 'object')
  assert.match((await run('config', 'print', ...flags)).out, /^version: 1$/m)
  const printed = JSON.parse((await run('config', 'print', ...flags, '--json')).out) as Record<
    string,
    unknown
  >
  assert.equal(printed['version'], 1)
})

test('the doctor ends with 3 where a service cannot be reached, and says what to do', async () => {
  const { code, out } = await run('doctor', ...flags, '--port', '0', '--admin-port', '0')
  assert.equal(code, 3)
  assert.match(out, /^ok {4}port https/m)
  assert.match(out, /^warn {2}certificate/m)
  assert.match(out, /^FAIL {2}upstream api .*\n {21,}→ start the service/m)
})

test('the doctor names waivers with their last day, and issuers whose keys cannot be had', async () => {
  const file = join(folder, 'waived.yaml')
  writeFileSync(
    file,
    `version: 1
listen: { https: { port: 0 } }
admin: { port: 0 }
apis:
  shop:
    contract: none
    upstream:
      targets: [{ url: 'https://127.0.0.1:1' }]
      tls:
        verify: false
        waiver: { reason: an old appliance, owner: ops@example.com, expires: ${tomorrow()} }
authentication:
  issuers: [{ issuer: https://id.example, audience: shop, algorithms: [ES256], jwks: ./none.json }]
`,
  )
  const { out } = await run('doctor', '-c', file, '--json')
  const findings = JSON.parse(out) as { subject: string; state: string; message: string }[]
  const waiver = findings.find(({ subject }) => subject === 'waiver shop')
  assert.match(waiver?.message ?? '', /1 day\b.*an old appliance; ops@example\.com/)
  const issuer = findings.find(({ subject }) => subject === 'issuer https://id.example')
  assert.equal(issuer?.state, 'unreachable')
})

test('keys are made, listed, replaced and ended, and told apart from what does not exist', async () => {
  const data = ['--data', join(folder, 'keys')]
  const made = JSON.parse(
    (await run('keys', 'create', 'acme', '--label', 'Acme', '--expires', '30d', '--json', ...data)).out,
  ) as { key: string; id: string }
  assert.match(made.key, /^gw_live_/)
  const { out: listed } = await run('keys', 'list', ...data)
  assert.match(listed, /acme/)
  assert.ok(!listed.includes(made.key))
  const rotated = JSON.parse((await run('keys', 'rotate', made.id, '--json', ...data)).out) as { id: string }
  assert.match((await run('keys', 'disable', rotated.id, ...data)).out, /disabled/)
  assert.match((await run('keys', 'enable', rotated.id, ...data)).out, /active/)
  assert.match((await run('keys', 'revoke', rotated.id, ...data)).out, /revoked/)
  const again = await run('keys', 'enable', rotated.id, ...data)
  assert.equal(again.code, 1)
  assert.match(again.err, /revoked, for ever/)
  assert.equal((await run('keys', 'show', 'key_none', ...data)).code, 1)
  assert.equal((await run('keys', 'create', 'acme', '--expires', '10y', ...data)).code, 2)
})

test('keys of a tier that no configuration knows are not made', async () => {
  const file = join(folder, 'tiers.yaml')
  writeFileSync(
    file,
    `version: 1
data: ./tiers
apis: { shop: { contract: none, upstream: http://127.0.0.1:1 } }
tiers: { free: { rate: 60/min } }
`,
  )
  const { code, err } = await run('keys', 'create', 'acme', '--tier', 'fre', '-c', file)
  assert.equal(code, 1)
  assert.match(err, /did you mean "free"/)
  assert.equal((await run('keys', 'create', 'acme', '--tier', 'free', '-c', file)).code, 0)
})

function tomorrow(): string {
  return new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
}

async function usage(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const outcome = await run(...words)
  assert.equal(outcome.code, 2, words.join(' '))
  return outcome
}

async function run(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const program = createProgram({
    out: (text) => void (out += `${text}\n`),
    err: (text) => void (err += `${text}\n`),
    width: 100,
  })
  const code = await program.run(words)
  return { code, out, err }
}
