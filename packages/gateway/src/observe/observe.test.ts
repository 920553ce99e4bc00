import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { defineProblem, ManualClock } from '@gateward/kernel'
import { assert as assertProperty, property, string } from 'fast-check'
import { Registry } from 'prom-client'
import type { Exchange } from '../exchange/exchange.ts'
import { HeaderList } from '../exchange/header-list.ts'
import { openTestExchange } from '../exchange/testing.ts'
import { ByteWriter } from './byte-writer.ts'
import { writeExchangeLine, type Ending } from './exchange-line.ts'
import { ExchangeMetrics } from './exchange-metrics.ts'
import { explain } from './explain.ts'
import { LineWriter } from './line-writer.ts'
import { Observer } from './observer.ts'
import { findRecord } from './records/find-record.ts'
import { openTestRecords } from './records/testing.ts'
import { redact } from './redact.ts'
import { observeSettings } from './settings.ts'

function refusedExchange() {
  const exchange = openTestExchange({
    path: '/v1/orders',
    query: 'token=verysecret&limit=3',
    headers: { authorization: 'Bearer abcdefgh', cookie: 'sid=secretcookie' },
  })
  exchange.route = {
    api: 'shop',
    family: 'shop',
    operationId: 'listOrders',
    template: '/v1/orders',
    operation: undefined,
  }
  exchange.problem = defineProblem('VALIDATION_ERROR', 'query /limit "3" is not in the enum')
  exchange.answer = { status: 422, headers: new HeaderList(), body: { kind: 'none' }, source: 'gateway' }
  exchange.trail.push(
    {
      guard: 'flood',
      phase: 'request',
      verdict: 'pass',
      mode: 'enforce',
      note: '58/60',
      code: undefined,
      elapsed: 0.01,
    },
    {
      guard: 'validation',
      phase: 'request',
      verdict: 'refuse',
      mode: 'enforce',
      note: 'query /limit',
      code: 'VALIDATION_ERROR',
      elapsed: 0.02,
    },
  )
  return exchange
}

function exchangeLine(exchange: Exchange, ending: Ending, finishedAt: number, duration: number): string {
  const line = new LineWriter()
  writeExchangeLine(line, exchange, ending, finishedAt, duration)
  return line.take().toString()
}

test('lines tell the time to the millisecond, whatever second the one before fell in', () => {
  for (const time of [1_700_000_000_007, 1_700_000_000_999, 1_700_000_001_000, 1_700_000_000_999, 0, 1_020]) {
    const { time: told } = JSON.parse(exchangeLine(refusedExchange(), { whole: true, bytesSent: 0 }, time, 1))
    assert.equal(told, new Date(time).toISOString())
  }
})

test('what is told again and again is masked each time, however many other things were told in between', () => {
  const exchange = refusedExchange()
  const reasonOf = (reason: string): unknown => {
    exchange.problem = defineProblem('VALIDATION_ERROR', reason)
    return JSON.parse(exchangeLine(exchange, { whole: true, bytesSent: 0 }, 0, 1)).reason
  }
  for (let turn = 0; turn < 3; turn++) {
    assert.equal(reasonOf('no "ann@example.com" here'), 'no "[e-mail]" here')
    for (let index = 0; index < 1_500; index++) assert.equal(reasonOf(`reason ${index}`), `reason ${index}`)
  }
})

test('an exchange line is JSON whatever the request holds, and never holds header or query values', () => {
  const line = exchangeLine(refusedExchange(), { whole: true, bytesSent: 12 }, 1_700_000_000_000, 3.1)
  const record = JSON.parse(line) as Record<string, unknown>
  assert.equal(record['code'], 'VALIDATION_ERROR')
  assert.equal(record['query'], 'token&limit')
  for (const value of ['verysecret', 'abcdefgh', 'secretcookie']) assert.ok(!line.includes(value), value)
  assertProperty(
    property(string({ unit: 'binary' }), string({ unit: 'binary' }), (path, reason) => {
      const exchange = openTestExchange({ path, query: reason })
      exchange.problem = defineProblem('BAD_REQUEST', reason)
      const text = exchangeLine(exchange, { whole: false, bytesSent: 0 }, 0, 0)
      JSON.parse(text)
      assert.equal(text.indexOf('\n'), text.length - 1)
    }),
  )
})

test('redaction masks what looks like a credential and leaves prose alone', () => {
  const hidden = [
    'Authorization: Bearer eyJhbGciOi.eyJzdWIiOiIx.c2ln',
    'key gw_live_7Hk29xPq01ZzTt5Rw8Lm3NvB_4c1f12 refused',
    'connect postgres://app:hunter2@db/x failed',
    'password="hunter2", user ada@example.com',
    'AKIAIOSFODNN7EXAMPLE',
  ]
  for (const text of hidden) {
    const shown = redact(text)
    for (const word of ['eyJ', '7Hk29', 'hunter2', 'ada@', 'AKIA'])
      assert.ok(!shown.includes(word), `${word} in ${shown}`)
  }
  assert.equal(redact('body /item does not match ^[a-z]+$'), 'body /item does not match ^[a-z]+$')
})

test('a finished exchange can be found by its id and told as a story', async () => {
  await using records = await openTestRecords()
  const exchange = refusedExchange()
  {
    await using observer = new Observer(observeSettings.parse({ log: 'none' }), new ManualClock())
    observer.keepRecords(await records.openWriter())
    observer.exchangeFinished(exchange, { whole: true, bytesSent: 180 })
    await observer.flush()
    const metrics = await observer.registry.metrics()
    assert.match(
      metrics,
      /gateward_http_requests_total\{api="shop",operation="listOrders",method="GET",code="422"\} 1/,
    )
    assert.match(
      metrics,
      /gateward_guard_verdicts_total\{guard="validation",verdict="refuse",mode="enforce"\} 1/,
    )
    assert.match(metrics, /gateward_http_request_duration_seconds_bucket\{.*le="\+Inf".*\} 1/)
  }
  const record = await findRecord(records.archive, exchange.id)
  assert.ok(record)
  const story = explain(record, ['flood', 'validation', 'waf', 'leakage'])
  assert.match(story, /GET \/v1\/orders {2}→ {2}422 VALIDATION_ERROR/)
  assert.match(story, /flood ─ validation ╳/)
  assert.match(story, /58\/60/)
  const [first] = record.guards
  assert.ok(first)
  const encrypted = { ...first, guard: 'field-encryption', phase: 'response', note: 'decrypted 1 fields' }
  assert.match(explain({ ...record, guards: [encrypted] }, []), /^ {2}field-encryption decrypted 1 fields$/m)
  assert.match(story, /never asked +waf, leakage, upstream/)
  const answered = {
    ...record,
    guards: [...record.guards, { ...first, guard: 'leakage', phase: 'response' }],
  }
  const told = explain(answered, ['flood', 'validation', 'waf', 'leakage'])
  assert.match(told, /never asked +waf, upstream/, 'a guard that saw the answer alone hides none before it')
  assert.equal(await findRecord(records.archive, 'nosuchid'), undefined)
})

test('what a full disk does not take is counted, with what it said', async (t) => {
  if (!existsSync('/dev/full')) return t.skip('this system has no /dev/full')
  await using writer = new ByteWriter('/dev/full')
  writer.write(Buffer.from('one\ntwo\n'), 2)
  await writer.flush()
  assert.deepEqual([writer.dropped, writer.failure], [2, 'ENOSPC'])
})

test('series past the cap are counted together, so that labels cannot fill memory', async () => {
  await using observer = new Observer(
    observeSettings.parse({ log: 'none', metrics: { maxSeries: 100 } }),
    new ManualClock(),
  )
  for (let index = 0; index < 500; index++) {
    const exchange = openTestExchange({
      route: { api: 'a', family: 'a', operationId: `op${index}`, template: '/', operation: undefined },
    })
    observer.exchangeFinished(exchange, { whole: true, bytesSent: 0 })
  }
  const metrics = await observer.registry.metrics()
  assert.match(
    metrics,
    /gateward_http_requests_total\{api="\(other\)",operation="\(other\)",method="\(other\)",code="\(other\)"\} 400/,
  )
})

test('exchanges are counted by operation, method and status; methods that clients make up are one', async () => {
  const registry = new Registry()
  const metrics = new ExchangeMetrics(registry, 100)
  const route = { api: 'shop', family: 'shop', operationId: 'list', template: '/', operation: undefined }
  const count = (method: string, status: number) => {
    const exchange = openTestExchange({ method, route })
    exchange.answer = { status, headers: new HeaderList(), body: { kind: 'none' }, source: 'gateway' }
    metrics.count(exchange, 3)
  }
  for (let round = 0; round < 3; round++) {
    count('GET', 200)
    count('GET', 429)
    count('POST', 200)
    for (let made = 0; made < 200; made++) count(`X${made}`, 405)
  }
  const text = await registry.metrics()
  const lines = text.split('\n').filter((line) => line.startsWith('gateward_http_requests_total{'))
  const labels = 'gateward_http_requests_total{api="shop",operation="list",method='
  assert.deepEqual(lines.toSorted(), [
    `${labels}"(other)",code="405"} 600`,
    `${labels}"GET",code="200"} 3`,
    `${labels}"GET",code="429"} 3`,
    `${labels}"POST",code="200"} 3`,
  ])
  assert.match(text, /gateward_http_request_duration_seconds_count\{api="shop",operation="list"\} 609/)
  assert.match(text, /_duration_seconds_bucket\{api="shop",operation="list",le="0.0025"\} 0/)
  assert.match(text, /_duration_seconds_bucket\{api="shop",operation="list",le="0.005"\} 609/)
})
