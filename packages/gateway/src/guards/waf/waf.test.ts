import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { createWaf } from '@gateward/waf'
import { openTestExchange } from '../../exchange/testing.ts'
import { WholeBody } from '../../exchange/whole-body.ts'
import { openContractBench, requestLimits, type ContractBench } from '../contract-testing.ts'
import { wafGuard } from './guard.ts'

const contract = `
openapi: 3.1.0
info: { title: Notes, version: 1.0.0 }
paths:
  /notes:
    get:
      operationId: findNotes
      parameters: [{ name: q, in: query, schema: { type: string } }]
      responses: { '200': { description: Found } }
    post:
      operationId: writeNote
      requestBody:
        content: { application/json: { schema: { type: object, properties: { text: { type: string } } } } }
      responses: { '201': { description: Written } }
`

let bench: ContractBench
before(async () => {
  // What is asked here is what the rules find, however busy the machine is.
  const { waf, diagnostics } = await createWaf({ rules: ['core'], settings: { budget: 10_000_000 } })
  assert.deepEqual(diagnostics, [])
  bench = await openContractBench(contract, { waf })
})

const attacks: readonly (readonly [kind: string, text: string])[] = [
  ['SQL injection', "1' OR '1'='1' -- "],
  ['SQL injection in a number', '1 UNION SELECT password FROM users'],
  ['script injection', '<img src=x onerror=alert(1)>'],
  ['a shell command', '; cat /etc/passwd'],
  ['a template expression', "{{ ''.__class__.__mro__[1].__subclasses__() }}"],
  ['path traversal', '../../../../etc/passwd'],
  ['a request to the metadata service', 'http://169.254.169.254/latest/meta-data/'],
]

for (const [kind, text] of attacks) {
  test(`${kind} is refused in a body and in a query`, () => {
    const inBody = bench
      .compile(wafGuard, 'writeNote')
      .send({ method: 'POST', path: '/notes', body: { text } })
    assert.equal(inBody.code, 'REQUEST_BLOCKED', text)
    assert.equal(inBody.status, 403)
    const query = `q=${encodeURIComponent(text)}`
    assert.equal(
      bench.compile(wafGuard, 'findNotes').send({ path: '/notes', query }).code,
      'REQUEST_BLOCKED',
      text,
    )
  })
}

test('prose with the words of SQL, markup and shells passes', () => {
  const harmless = [
    "O'Reilly and sons",
    'select specialty hospital',
    'Please drop by the table; we will talk, and update the order from there',
    'price < 5 and weight > 2',
    'rock & roll | jazz',
    'Union Square, 1 or 2 people',
  ]
  for (const text of harmless) {
    const { code, note } = bench
      .compile(wafGuard, 'writeNote')
      .send({ method: 'POST', path: '/notes', body: { text } })
    assert.equal(code, undefined, `${text}: ${note}`)
  }
})

test('the reason names rules and places, and quotes nothing of the request', () => {
  const { note } = bench
    .compile(wafGuard, 'writeNote')
    .send({ method: 'POST', path: '/notes', body: { text: "x' OR secretword=1 -- " } })
  assert.match(note, /^score \d+; rule \d+ .*text/)
  assert.ok(!note.includes('secretword'))
})

test('two exchanges under way never share what was seen', () => {
  const subject = bench.compile(wafGuard, 'writeNote')
  assert.equal(
    subject.send({ method: 'POST', path: '/notes', body: { text: "1' OR '1'='1" } }).code,
    'REQUEST_BLOCKED',
  )
  assert.equal(subject.send({ method: 'POST', path: '/notes', body: { text: 'hello' } }).code, undefined)
})

test('each phase notes what it has found itself, and what is told of matches grows with them', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-waf-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'rules.conf')
  writeFileSync(
    file,
    `SecRequestBodyAccess On
SecRule REQUEST_METHOD "@streq POST" "id:1,phase:1,pass,log,msg:'a write'"
SecRule ARGS "@contains grüße" "id:2,phase:2,pass,log,msg:'Grüße'"
SecRule ARGS "@contains never" "id:3,phase:2,pass,log,msg:'never'"`,
  )
  const { waf } = await createWaf({ rules: [file] })
  const { guard } = (await openContractBench(contract, { waf })).compile(wafGuard, 'writeNote')
  const headers = { 'content-type': 'application/json' }
  const exchange = openTestExchange({ method: 'POST', path: '/notes', hasBody: true, headers })
  const told = () => exchange.rules?.matches.map(({ id, at, message }) => `${id} ${at} ${message}`)
  assert.deepEqual(await guard.onRequest?.(exchange), {
    kind: 'pass',
    note: 'rule 1 a write (REQUEST_METHOD)',
  })
  assert.deepEqual(told(), ['1 REQUEST_METHOD a write'])
  const body = new WholeBody(Buffer.from('{"ß":"grüße"}'), 'application/json', requestLimits)
  assert.deepEqual(await guard.onRequestBody?.(exchange, body), {
    kind: 'pass',
    note: 'rule 2 Grüße (ARGS:json.ß)',
  })
  assert.deepEqual(told(), ['1 REQUEST_METHOD a write', '2 ARGS:json.ß Grüße'])
})
