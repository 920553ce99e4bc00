import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { HeaderList } from '../../exchange/header-list.ts'
import {
  knownCaller,
  openContractBench,
  type ContractAnswer,
  type ContractBench,
} from '../contract-testing.ts'
import { pass } from '../guard.ts'
import { leakageGuard } from './guard.ts'

const contract = `
openapi: 3.1.0
info: { title: Test, version: '1' }
paths:
  /orders:
    get:
      operationId: listOrders
      responses:
        '200':
          description: Orders
          content:
            application/json:
              schema:
                type: object
                properties:
                  orders: { type: array, items: { $ref: '#/components/schemas/Order' } }
            application/x-ndjson: { schema: { $ref: '#/components/schemas/Order' } }
            text/plain: {}
        '404':
          description: None
          content: { application/json: { schema: { type: object, properties: { message: { type: string } } } } }
components:
  schemas:
    Order:
      type: object
      properties:
        id: { type: integer }
        item: { type: string }
        secret: { type: string, writeOnly: true }
        margin: { type: number, x-gateward: { scope: 'orders:internal' } }
`

let bench: ContractBench
before(async () => {
  bench = await openContractBench(contract)
})

function answer(
  given: ContractAnswer,
  settings: Record<string, unknown> = {},
  scopes: readonly string[] = [],
) {
  const principal = knownCaller({ scopes: new Set(scopes) })
  return bench.compile(leakageGuard, 'listOrders', settings).answer(given, { principal })
}

const careless = {
  orders: [{ id: 1, item: 'pen', secret: 's', margin: 0.4, costPrice: 2, supplier: { iban: 'x' } }],
  debug: { query: 'select' },
}

test('properties that the contract does not declare, or keeps from answers, are stripped and told', () => {
  const outcome = answer({ body: careless })
  assert.equal(outcome.verdict.kind, 'pass')
  assert.deepEqual(JSON.parse(outcome.text), { orders: [{ id: 1, item: 'pen' }] })
  assert.match(outcome.note, /^stripped .*\/debug/)
})

test('a property with a scope is shown to whom has the scope', () => {
  const outcome = answer({ body: careless }, {}, ['orders:internal'])
  assert.deepEqual(JSON.parse(outcome.text), { orders: [{ id: 1, item: 'pen', margin: 0.4 }] })
})

test('undeclared properties can be reported or blocked instead', () => {
  const reported = answer({ body: careless }, { undeclared: 'report' })
  assert.deepEqual(JSON.parse(reported.text), careless)
  assert.match(reported.note, /^undeclared .*\/debug/)
  assert.equal(answer({ body: careless }, { undeclared: 'block' }).code, 'RESPONSE_INVALID')
})

test('in shadow nothing is stripped, and it is told', () => {
  const outcome = answer({ body: careless }, { mode: 'shadow' })
  assert.match(outcome.note, /^undeclared .*\/debug/)
  assert.deepEqual(JSON.parse(outcome.text), careless)
})

test('an answer that keeps its contract goes on byte by byte', () => {
  const body = '{ "orders" : [ { "id":12345678901234567890, "item":"pen" } ] }'
  const outcome = answer({ body })
  assert.equal(outcome.verdict, pass)
  assert.equal(outcome.text, body)
})

test('stripping changes no number, however long', () => {
  const body =
    '{"orders":[{"id":12345678901234567890,"x":1,"item":"1.10"},{"id":1.0e2}],"total":1.50,"__proto__":1}'
  const outcome = answer({ body })
  assert.equal(outcome.text, '{"orders":[{"id":12345678901234567890,"item":"1.10"},{"id":1.0e2}]}')
})

test('JSON lines are stripped one by one', () => {
  const outcome = answer({ body: '{"id":1,"x":2}\n{"id":2}\n', contentType: 'application/x-ndjson' })
  assert.equal(outcome.text, '{"id":1}\n{"id":2}\n')
})

test('what has no declaration to strip by passes with a note, and is blocked where stripping is', () => {
  for (const given of [
    { status: 202, body: {} },
    { status: 202, body: {}, stream: true },
    { status: 404, body: '<a>', contentType: 'text/html' },
  ]) {
    assert.match(answer(given).note, /^not stripped/)
    assert.equal(answer(given, { undeclared: 'block' }).code, 'RESPONSE_INVALID')
  }
})

test('a success in a media type that its status does not declare is no way around stripping', () => {
  for (const given of [
    { body: '<order><secret>s</secret></order>', contentType: 'application/xml' },
    { body: '<a>', contentType: 'text/html' },
    { body: careless, contentType: null },
    { body: 'secret', contentType: 'application/msgpack', stream: true },
  ]) {
    assert.equal(answer(given).code, 'RESPONSE_INVALID')
    assert.equal(answer(given, { undeclared: 'block' }).code, 'RESPONSE_INVALID')
    assert.equal(answer(given, { undeclared: 'report' }).verdict.kind, 'pass')
  }
  assert.equal(answer({ body: 'id 1', contentType: 'text/plain', stream: true }).verdict, pass)
})

test('an answer that says it is JSON and is not is never passed on unread', () => {
  for (const body of ['{"orders":', 'oops', '['.repeat(100) + ']'.repeat(100)]) {
    assert.equal(answer({ body }).code, 'RESPONSE_INVALID')
    assert.equal(answer({ body }, { undeclared: 'report' }).verdict.kind, 'pass')
  }
})

const failures: readonly (readonly [status: number, code: string, sent: number])[] = [
  [500, 'UPSTREAM_FAILED', 500],
  [501, 'UPSTREAM_FAILED', 500],
  [502, 'UPSTREAM_ERROR', 502],
  [503, 'UPSTREAM_UNAVAILABLE', 503],
  [504, 'UPSTREAM_TIMEOUT', 504],
  [599, 'UPSTREAM_FAILED', 500],
]
for (const [status, code, sent] of failures) {
  test(`a service's ${status} becomes the generic ${sent}, its text kept for the log`, () => {
    const outcome = answer({
      status,
      body: { error: 'x at (/srv/a.js:1:2)', password: 'hunter2' },
      headers: { 'retry-after': '7' },
    })
    assert.equal(outcome.code, code)
    assert.equal(outcome.status, sent)
    assert.match(outcome.note, new RegExp(`^the service answered ${status}: .*/srv/a\\.js`))
    assert.doesNotMatch(outcome.note, /hunter2/)
    assert.deepEqual(outcome.verdict.kind === 'refuse' && outcome.verdict.problem.headers, [
      ['retry-after', '7'],
    ])
  })
}

test('a 5xx is replaced also where its body is not seen, and its text is bounded', () => {
  assert.equal(
    answer({ status: 500, body: 'x', contentType: 'image/png', stream: true }).code,
    'UPSTREAM_FAILED',
  )
  assert.equal(answer({ status: 500 }).code, 'UPSTREAM_FAILED')
  assert.ok(answer({ status: 500, body: 'x'.repeat(1_000_000) }).note.length < 5_000)
  assert.match(answer({ status: 500, body: {} }, { failures: 'report' }).note, /answered 500/)
})

test("the gateway's own answers are left alone", () => {
  const subject = bench.compile(leakageGuard, 'listOrders')
  const { exchange } = subject.answer({ status: 500, body: {} })
  exchange.answer = { status: 503, headers: new HeaderList(), body: { kind: 'none' }, source: 'gateway' }
  assert.equal(
    subject.guard.onResponse?.(exchange as Parameters<NonNullable<typeof subject.guard.onResponse>>[0]),
    pass,
  )
})

const trace = 'TypeError: x\n    at get (/srv/orders.js:41:17)'
const inside: readonly (readonly [text: string, inSuccess: boolean, inError: boolean])[] = [
  [trace, true, true],
  ['ORA-00933: SQL command not properly ended', true, true],
  ['-----BEGIN PRIVATE KEY-----', true, true],
  [`AKIA${'ABCDEFGH'.repeat(2)}`, false, true],
  ["open '/srv/shop/app.yaml'", false, true],
  ['http://10.0.3.7:5432', false, true],
  ['An order for ten pens.', false, false],
]
for (const [text, inSuccess, inError] of inside) {
  test(`${JSON.stringify(text.slice(0, 40))} is ${inSuccess ? '' : 'not '}blocked below 400, and ${inError ? '' : 'not '}from 400 on`, () => {
    assert.equal(
      answer({ body: { orders: [{ item: text }] } }).code,
      inSuccess ? 'UPSTREAM_FAILED' : undefined,
    )
    assert.equal(
      answer({ body: text, contentType: 'text/plain' }).code,
      inSuccess ? 'UPSTREAM_FAILED' : undefined,
    )
    const error = answer({ status: 404, body: { message: text } })
    assert.equal(error.code, inError ? 'NOT_FOUND' : undefined)
    if (inError) assert.equal(error.status, 404)
    const undeclared = answer({ status: 418, body: text, contentType: 'text/plain' })
    assert.equal(undeclared.code, inError ? 'BAD_REQUEST' : undefined)
    assert.equal(undeclared.status, inError ? 418 : undefined)
  })
}

test('a trace in an undeclared property is stripped, and the answer goes on', () => {
  const outcome = answer({ body: { orders: [{ id: 1 }], stack: trace } })
  assert.equal(outcome.verdict.kind, 'pass')
  assert.equal(outcome.text, '{"orders":[{"id":1}]}')
})

test('the log learns where and what, with credentials masked', () => {
  const { note } = answer({ body: { orders: [{ item: `password=hunter2 ${trace}` }] } })
  assert.match(note, /^the answer shows a stack trace at byte \d+: .*orders\.js:41:17/)
  assert.doesNotMatch(note, /hunter2/)
})

test('a 401 keeps its challenge, and a header that could carry a message is left away', () => {
  const headers = { 'www-authenticate': 'Bearer', allow: 'GET\u00e9', 'x-debug': trace }
  const outcome = answer({ status: 401, body: { message: trace }, headers })
  assert.equal(outcome.code, 'UNAUTHENTICATED')
  assert.deepEqual(outcome.verdict.kind === 'refuse' && outcome.verdict.problem.headers, [
    ['www-authenticate', 'Bearer'],
  ])
})

test('every kind can be set apart, for errors and for all else', () => {
  const given = { body: { orders: [{ item: trace }] } }
  assert.match(answer(given, { inSuccesses: { stackTraces: 'report' } }).note, /shows a stack trace/)
  assert.equal(answer(given, { inSuccesses: { stackTraces: 'off' } }).verdict, pass)
  assert.throws(() => answer(given, { inSuccesses: { stacktraces: 'off' } }))
})

test('without a contract failures and leaks are found all the same', async () => {
  const guard = leakageGuard.compile({
    settings: leakageGuard.settings.parse({}),
    api: 'test',
    family: 'test',
    operation: undefined,
    unmatched: false,
    securitySchemes: new Map(),
    services: undefined as never,
    report: () => undefined,
  })
  assert.ok(guard?.onResponse !== undefined && guard.onResponseBody !== undefined)
})
