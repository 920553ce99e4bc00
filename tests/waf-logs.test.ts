import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { plainRequest, startGate, type RunningGate } from './start-gate.ts'

const folder = mkdtempSync(join(tmpdir(), 'gateward-logs-'))
after(() => rmSync(folder, { recursive: true }))

const attack = "1' OR '1'='1"

function gateWith(
  logs: Readonly<Record<string, unknown>>,
  waf: Readonly<Record<string, unknown>> = {},
): Promise<RunningGate> {
  return startGate({
    settings: {
      anonymous: true,
      guards: {
        waf: { ...waf, logs },
        validation: { mode: 'off' },
        authentication: { mode: 'off' },
        leakage: { mode: 'off' },
      },
    },
    service: (_, response) =>
      response.writeHead(200, { 'set-cookie': 'session=s3cr3t-answer' }).end('{"token":"s3cr3t-body"}'),
  })
}

/** What a file holds once it holds something. */
async function read(file: string): Promise<string> {
  for (let tries = 0; tries < 1_000; tries++) {
    const text = statSync(file, { throwIfNoEntry: false })?.size ? readFileSync(file, 'utf8') : ''
    if (text !== '') return text
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return assert.fail(`nothing was written to ${file}`)
}

test('a match is a line of an Apache error log, as fail2ban and go-ftw read them', async () => {
  const errors = join(folder, 'errors.log')
  await using gate = await gateWith({ errors })
  await gate.exchange(plainRequest(`GET /a?q=${encodeURIComponent(attack)}`))
  const lines = (await read(errors)).trimEnd().split('\n')
  assert.equal(lines.length, 2)
  assert.match(
    lines[0] ?? '',
    /^\[\w{3} \w{3} \d\d \d\d:\d\d:\d\d\.\d{6} \d{4}\] \[security2:error\] \[pid \d+\] \[client 127\.0\.0\.1\] \[client 127\.0\.0\.1\] ModSecurity: Warning\. \[file "[^"]+"\] \[line "\d+"\] \[id "2041"\] \[msg "SQL injection"\] \[data "Matched Data: .* found within ARGS:q: 1' OR '1'='1"\]/,
  )
  assert.match(lines[1] ?? '', /ModSecurity: Access denied with code 403 \(phase 2\)\. .*\[id "2091"\]/)
})

test('in shadow nothing is said to be denied', async () => {
  const errors = join(folder, 'shadow.log')
  await using gate = await gateWith({ errors }, { mode: 'shadow' })
  await gate.exchange(plainRequest(`GET /a?q=${encodeURIComponent(attack)}`))
  assert.doesNotMatch(await read(errors), /Access denied/)
})

test('one line stays one line, whatever a client sends', async () => {
  const errors = join(folder, 'lines.log')
  await using gate = await gateWith({ errors })
  const sent = `x"] [id "1"]\r\n[client 192.0.2.1] ModSecurity: Access denied ' OR 1=1 -- `
  await gate.exchange(plainRequest(`GET /a?q=${encodeURIComponent(sent)}`))
  const text = await read(errors)
  for (const line of text.trimEnd().split('\n')) assert.match(line, /^\[\w{3} \w{3} /)
  assert.ok(!text.includes('[id "1"]'))
})

const secrets = [
  'authorization: Bearer s3cr3t-token-of-ada',
  'cookie: session=s3cr3t-cookie; theme=dark',
  'x-api-key: s3cr3t-key',
  'content-type: application/json',
]

test('an audit record in JSON has its parts, and no secret in any of them', async () => {
  const audit = join(folder, 'audit.json')
  await using gate = await gateWith(
    { audit, auditParts: 'ABCEFHKZ', auditWhen: 'always', mask: ['nickname'] },
    { mode: 'shadow' },
  )
  const body = JSON.stringify({
    user: { password: "s3cr3t' OR '1'='1", nickname: 's3cr3t-name' },
    text: attack,
  })
  const head = plainRequest(`POST /a?token=s3cr3t-query&q=1`, ...secrets, `content-length: ${body.length}`)
  await gate.exchange(head + body)
  const line = await read(audit)
  assert.ok(!line.includes('s3cr3t'), line)
  const { transaction } = JSON.parse(line)
  assert.equal(transaction.request.uri, '/a?token=[redacted]&q=1')
  assert.equal(transaction.request.headers['content-type'], 'application/json')
  assert.equal(transaction.response.http_code, 200)
  assert.match(transaction.request.body, /"text":"1' OR '1'='1"/)
  const rules = transaction.messages.map(({ details }: { details: { ruleId: string } }) => details.ruleId)
  assert.ok(rules.includes('2041'))
  assert.equal(transaction.producer.secrules_engine, 'DetectionOnly')
})

test('an audit record in the native format has its parts in their order, and no line that ends one too early', async () => {
  const audit = join(folder, 'audit.log')
  await using gate = await gateWith({ audit, auditFormat: 'native', auditParts: 'ABCFHKZ' })
  const body = `q=${encodeURIComponent(`${attack}\n--00000000-Z--\n`)}&password=s3cr3t`
  const fields = ['content-type: application/x-www-form-urlencoded', `content-length: ${body.length}`]
  await gate.exchange(plainRequest('POST /a', ...fields) + body)
  const text = await read(audit)
  const letters = [...text.matchAll(/^--([0-9a-z]{8})-([A-Z])--$/gm)].map(([, , letter]) => letter)
  assert.deepEqual(letters, ['A', 'B', 'C', 'F', 'H', 'K', 'Z'])
  assert.match(text, /^POST \/a HTTP\/1\.1\nhost: localhost$/m)
  assert.match(text, /^HTTP\/1\.1 403$/m)
  assert.match(text, /^Message: Warning\. .*\[id "2041"\]/m)
  assert.match(text, /^Action: Intercepted \(phase 2\)$/m)
  assert.ok(!text.includes('s3cr3t'))
})

test('nothing is audited where nothing matched, unless all is asked for', async () => {
  const audit = join(folder, 'quiet.json')
  await using gate = await gateWith({ audit })
  await gate.exchange(plainRequest('GET /harmless'))
  await gate.exchange(plainRequest(`GET /a?q=${encodeURIComponent(attack)}`))
  const text = await read(audit)
  assert.equal(text.trimEnd().split('\n').length, 1)
})

test('a file has a bound: it makes room by becoming the one before', async () => {
  const errors = join(folder, 'bounded.log')
  await using gate = await gateWith({ errors, maxSize: '16KB' })
  for (let count = 0; count < 40; count++)
    await gate.exchange(plainRequest(`GET /a?q=${encodeURIComponent(attack)}`))
  await read(errors)
  const sizes = [errors, `${errors}.1`].map((file) => statSync(file).size)
  for (const size of sizes) assert.ok(size <= 8_192, String(sizes))
})

test('matches are counted by rule', async () => {
  await using gate = await gateWith({})
  await gate.exchange(plainRequest(`GET /a?q=${encodeURIComponent(attack)}`))
  assert.match(await gate.metrics(), /gateward_waf_rule_matches_total\{rule="2041"\} 1/)
})

test('a log file that cannot be opened stops the start and says which', async () => {
  await assert.rejects(
    gateWith({ errors: join(import.meta.filename, 'errors.log') }),
    (error) =>
      String(error).includes('cannot be opened') || JSON.stringify(error).includes('cannot be opened'),
  )
})
