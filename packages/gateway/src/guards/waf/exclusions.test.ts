import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createWaf, type Waf } from '@gateward/waf'
import { openContractBench, type ContractBench } from '../contract-testing.ts'
import { wafGuard } from './guard.ts'

const contract = `
openapi: 3.1.0
info: { title: Articles, version: 1.0.0 }
paths:
  /articles:
    get:
      operationId: findArticles
      parameters:
        - { name: q, in: query, schema: { type: string } }
        - { name: sort, in: query, schema: { enum: ['select * from', title] } }
        - { name: page, in: query, schema: { type: integer } }
        - { name: code, in: query, schema: { type: string, pattern: '^[A-Z]{3}-[0-9]{4}$' } }
        - { name: free, in: query, schema: { type: string, pattern: '^[a-z ]+$' } }
      responses: { '200': { description: Found } }
    post:
      operationId: writeArticle
      x-gateward: { waf: { exclusions: [{ rules: 2041, fields: ['body /text', 'body /data/**'] }] } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                text: { type: string }
                title: { type: string }
                data: { type: object }
                items: { type: array, items: { type: object, properties: { id: { type: string, format: uuid }, note: { type: string } } } }
      responses: { '201': { description: Written } }
`

const injection = "1' OR '1'='1' -- "
const script = '<script>alert(1)</script>'

let waf: Waf
let bench: ContractBench
before(async () => {
  const created = await createWaf({ rules: ['core'], settings: { budget: 10_000_000 } })
  assert.ok(created.waf)
  waf = created.waf
  bench = await openContractBench(contract, { waf })
})

function write(body: unknown, settings: Readonly<Record<string, unknown>> = {}): string | undefined {
  return bench.compile(wafGuard, 'writeArticle', settings).send({ path: '/articles', body }).code
}

function find(query: string, settings: Readonly<Record<string, unknown>> = {}) {
  return bench.compile(wafGuard, 'findArticles', settings).send({ path: '/articles', query })
}

test('a field that a contract excludes from a rule is free of that rule, and of no other', () => {
  assert.equal(write({ text: injection }), undefined)
  assert.equal(write({ text: script }), 'REQUEST_BLOCKED')
  assert.equal(write({ title: injection }), 'REQUEST_BLOCKED')
})

test('a subtree is free at every depth, and what only begins like its name is not', () => {
  assert.equal(write({ data: { deep: [{ er: injection }] } }), undefined)
  assert.equal(write({ data: injection }), undefined)
  assert.equal(write({ datas: injection }), 'REQUEST_BLOCKED')
  assert.equal(write({ a: { data: injection } }), 'REQUEST_BLOCKED')
})

test('a field of the query is not that of the same name in the body', () => {
  const exclusions = [{ rules: 'all', fields: ['query q'] }]
  assert.equal(find(`q=${encodeURIComponent(injection)}`, { exclusions }).code, undefined)
  assert.equal(write({ q: injection }, { exclusions }), 'REQUEST_BLOCKED')
  assert.equal(find(`Q2=${encodeURIComponent(injection)}`, { exclusions }).code, 'REQUEST_BLOCKED')
})

test('what is inside of JSON in a parameter belongs to the parameter, and what begins like it does not', () => {
  const exclusions = [{ rules: 'all', fields: ['query q'] }]
  const inside = encodeURIComponent(JSON.stringify({ name: { like: injection } }))
  assert.equal(find(`q=${inside}`).code, 'REQUEST_BLOCKED')
  assert.equal(find(`q=${inside}`, { exclusions }).code, undefined)
  assert.equal(find(`qq=${inside}`, { exclusions }).code, 'REQUEST_BLOCKED')
})

test('configuration excludes by operation, index, regular expression, tag, target and range', () => {
  const free = (field: string, rules: unknown = 2041): Readonly<Record<string, unknown>> => ({
    exclusions: [{ rules, fields: [field], operations: ['writeArticle'] }],
  })
  const noted = { items: [{ note: 'x' }, { note: injection }] }
  assert.equal(write(noted), 'REQUEST_BLOCKED')
  for (const field of [
    'body /items/*/note',
    'body /items/1/note',
    'body ~^json\\.items\\.\\d+\\.note$',
    'ARGS:/^json\\.items\\.\\d+\\.note$/',
    'ARGS:json.items.array_1.note',
  ])
    assert.equal(write(noted, free(field)), undefined, field)
  for (const rules of ['tag:attack-sqli', '2000-2050', ['2041', 2042], 'all'])
    assert.equal(write(noted, free('body /items/*/note', rules)), undefined, String(rules))
  assert.equal(write(noted, free('body /items/0/note')), 'REQUEST_BLOCKED')
  const elsewhere = [{ rules: 2041, fields: ['query q'], operations: ['writeArticle2'] }]
  assert.equal(find(`q=${encodeURIComponent(injection)}`, { exclusions: elsewhere }).code, 'REQUEST_BLOCKED')
})

test('rules without fields do not run', () => {
  assert.equal(
    find(`x=${encodeURIComponent(injection)}`, { exclusions: [{ rules: 'tag:attack-sqli' }] }).code,
    undefined,
  )
})

test('unknown rules and fields are mistakes with what may have been meant', async () => {
  const own = await openContractBench(contract, { waf })
  own.compile(wafGuard, 'writeArticle', {
    exclusions: [
      { rules: 20411, fields: ['body /title'] },
      { rules: 'tag:attack-sql', fields: ['body /title'] },
      { rules: 2041, fields: ['body /txt'], operations: ['writeArticle'] },
      { rules: 2041, fields: ['ARRGS:x'] },
      { rules: 2041, fields: ['body ~('] },
    ],
  })
  assert.deepEqual(
    own.diagnostics.map(({ code, fix }) => `${code}: ${fix?.slice(0, 34)}`),
    [
      'unknown-field: did you mean "body /text"?',
      'unknown-rule: write 942100, 942000-942999, tag:a',
      'unknown-rule: did you mean tag:attack-sqli? Else',
      'bad-field: write query NAME, cookie NAME, hea',
      'bad-field: write ) or \\(',
    ],
  )
})

test('values that the contract proves harmless are passed over, and the report says which and why', () => {
  const { code, exchange } = find('sort=select+*+from&page=1&code=ABC-1234&q=hello')
  assert.equal(code, undefined)
  assert.deepEqual(exchange.rules?.skipped, [
    'query sort (one of 2 values)',
    'query page (integer)',
    'query code (pattern ^[A-Z]{3}-[0-9]{4}$)',
  ])
  const inBody = bench
    .compile(wafGuard, 'writeArticle')
    .send({ path: '/articles', body: { items: [{ id: '0b5ff6a5-3a3f-4b4e-8f4e-0c6f9d1f2a3b', note: 'x' }] } })
  assert.deepEqual(inBody.exchange.rules?.skipped, ['body /items/*/id (uuid)'])
})

test('a value that does not keep what proves its field is inspected, whether it was validated or not', () => {
  for (const query of ['page', 'sort', 'code', 'free'].map(
    (name) => `${name}=${encodeURIComponent(injection)}`,
  ))
    assert.equal(find(query).code, 'REQUEST_BLOCKED', query)
  const { exchange } = find('page=1&page=2%0a&free=hello&sort=other')
  assert.deepEqual(exchange.rules?.skipped, ['query page (integer)'])
})

test('with provenFields: inspect, rules see every value', () => {
  const { exchange } = find('page=1', { provenFields: 'inspect' })
  assert.deepEqual(exchange.rules?.skipped, [])
})
