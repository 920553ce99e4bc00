import assert from 'node:assert/strict'
import { verify } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
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

test('what a gateway has kept is not looked for in a folder without any, and no store is made there', async () => {
  const empty = join(folder, 'nobody-was-here')
  const asked = [
    'keyring list',
    'keyring rotate store',
    'keys list',
    'audit list',
    'audit verify',
    'alerts list',
    'anomalies list',
  ]
  for (const command of asked) {
    const { code, out, err } = await run(...command.split(' '), '--data', empty)
    assert.equal(code, 1, command)
    assert.match(out + err, /no gateway has kept anything in .*nobody-was-here[^]*--data FOLDER/, command)
    assert.equal(existsSync(empty), false, command)
  }
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

test('the doctor says which receivers of events and traces take connections', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const here = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  const file = join(folder, 'sinks.yaml')
  writeFileSync(
    file,
    `version: 1
listen: { https: { port: 0 } }
admin: { port: 0 }
apis: { shop: { contract: none, upstream: 'http://${here}' } }
otlp: { endpoint: 'http://127.0.0.1:1' }
events:
  sinks:
    stream: { kafka: { brokers: ['${here}', '127.0.0.1:1'], topic: events, tls: false } }
    search: { elasticsearch: { url: 'http://${here}' } }
    away: { syslog: { host: 127.0.0.1, port: 1 } }
    archive: { file: { path: ./events.log } }
`,
  )
  const { code, out } = await run('doctor', '-c', file, '--json')
  server.close()
  const findings = JSON.parse(out) as { subject: string; state: string; message: string }[]
  const told = findings.filter(({ subject }) => /^(?:sink|otlp)/.test(subject))
  assert.deepEqual(
    told.map(({ subject, state }) => [subject, state]),
    [
      ['sink stream', 'well'],
      ['sink stream', 'unreachable'],
      ['sink search', 'well'],
      ['sink away', 'unreachable'],
      ['otlp', 'unreachable'],
    ],
  )
  assert.equal(code, 3)
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

test('the keyring is listed, rotated, rewrapped, retired and destroyed, and says what to do next', async () => {
  const data = ['--data', join(folder, 'keyring')]
  await run('keys', 'create', 'acme', ...data)
  const { out: listed } = await run('keyring', 'list', ...data)
  const before = /^(dk_\w+) +store /m.exec(listed)?.[1] ?? ''
  const rotated = await run('keyring', 'rotate', 'store', ...data)
  assert.match(
    rotated.out,
    new RegExp(`Next: gateward keyring rewrap, then: gateward keyring retire ${before}`),
  )
  const early = await run('keyring', 'retire', before, ...data)
  assert.equal(early.code, 1)
  assert.match(early.err, /\d+ values of the store are under .*gateward keyring rewrap/s)
  assert.match((await run('keyring', 'rewrap', ...data)).out, /\d+ values .*Nothing is under/s)
  assert.match((await run('keyring', 'retire', before, ...data)).out, /keyring reinstate/)
  assert.match((await run('keyring', 'reinstate', before, ...data)).out, /decrypts again/)
  assert.equal((await run('keyring', 'retire', before, ...data)).code, 0)
  const unconfirmed = await run('keyring', 'destroy', before, ...data)
  assert.equal(unconfirmed.code, 1)
  assert.match(unconfirmed.err, /lost for ever.*--confirm/s)
  assert.equal((await run('keyring', 'destroy', before, '--confirm', before, ...data)).code, 0)
  const shown = JSON.parse((await run('keyring', 'list', '--json', ...data)).out) as {
    id: string
    state: string
  }[]
  assert.equal(shown.find(({ id }) => id === before)?.state, 'destroyed')
  assert.equal((await run('keyring', 'rotate', 'nothing', ...data)).code, 1)
  const { out: trail } = await run('audit', 'list', ...data)
  for (const verb of ['rotate', 'retire', 'reinstate', 'destroy'])
    assert.match(trail, new RegExp(`data-key\\.${verb}`))
  assert.match((await run('keys', 'list', ...data)).out, /acme/)
})

test('the evidence of the keyring can be verified by whoever has it, and holds no key', async () => {
  const data = ['--data', join(folder, 'evidence')]
  assert.equal((await run('keyring', 'create', ...data)).code, 0)
  const { out } = await run('keyring', 'export-audit', '--json', ...data)
  const { statement, signature } = JSON.parse(out) as {
    statement: string
    signature: { publicKey: string; value: string }
  }
  const value = Buffer.from(signature.value, 'base64')
  assert.equal(verify(null, Buffer.from(statement), signature.publicKey, value), true)
  assert.equal(verify(null, Buffer.from(`${statement} `), signature.publicKey, value), false)
  assert.equal((JSON.parse(statement) as { history: unknown[] }).history.length, 6)
  assert.ok(!out.includes('wrapped'))
})

test('a backup split in shares brings a keyring back of which the key-encryption key is lost', async () => {
  const data = join(folder, 'lost')
  const backup = join(folder, 'keyring.backup')
  await run('keys', 'create', 'acme', '--data', data)
  const half = await run('keyring', 'backup', backup, '--shares', '3', '--data', data)
  assert.deepEqual([half.code, existsSync(backup)], [2, false])
  const written = await run('keyring', 'backup', backup, '--shares', '3', '--threshold', '2', '--data', data)
  assert.equal(written.code, 0, written.err)
  assert.equal(
    (await run('keyring', 'backup', backup, '--shares', '3', '--threshold', '2', '--data', data)).code,
    1,
  )
  rmSync(join(data, 'keyring'), { recursive: true })
  const lost = await run('keys', 'list', '--data', data)
  assert.equal(lost.code, 1)
  assert.match(lost.err, /key-encryption-key is missing.*gateward keyring restore/s)
  const share = (number: number) => ['--share', `${backup}.share-${number}-of-3`]
  const few = await run('keyring', 'restore', backup, ...share(1), '--data', data)
  assert.match(few.err, /1 different shares were named, and this backup needs 2/)
  const restored = await run('keyring', 'restore', backup, ...share(3), ...share(1), '--data', data)
  assert.match(restored.out, /^6 keys that could not be unwrapped any more are wrapped anew/m)
  assert.match((await run('keys', 'list', '--data', data)).out, /acme/)
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
