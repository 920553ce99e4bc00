import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../packages/gateway/src/delivery/testing-until.ts'
import { attributesOf, startOtlpReceiver } from '../packages/gateway/src/otlp/testing-receiver.ts'
import { plainRequest, startGate } from './start-gate.ts'

const given = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'

test('a running gateway tells of an exchange in one trace: the caller, the gate, its guards, the service', async () => {
  await using receiver = await startOtlpReceiver()
  await using gate = await startGate({
    service: (_request, response) => void setTimeout(() => response.end('{}'), 50),
    settings: { otlp: { endpoint: receiver.url, traces: { ratio: 1 }, metrics: { every: '1s' } } },
  })
  await gate.exchange(plainRequest('GET /v1/things', `x-api-key: ${gate.key}`, `traceparent: ${given}`))
  await until(() => receiver.spans().length === 2)
  const [server, client] = receiver.spans()
  assert.deepEqual(
    [server?.['traceId'], server?.['parentSpanId'], client?.['parentSpanId']],
    [given.slice(3, 35), given.slice(36, 52), server?.['spanId']],
  )
  assert.equal(
    gate.served[0]?.headers['traceparent'],
    `00-${given.slice(3, 35)}-${String(client?.['spanId'])}-01`,
  )
  const guards = eventsOf(server).map(({ name }) => name)
  assert.ok(guards.indexOf('authentication') >= 0 && guards.indexOf('authentication') < guards.indexOf('waf'))
  const [callStart, callEnd] = timesOf(client)
  const [start, end] = timesOf(server)
  assert.ok(start <= callStart && callStart <= callEnd && callEnd <= end)
  assert.ok(callEnd - callStart >= 45_000_000n)
  assert.equal(attributesOf(client)['server.address'], '127.0.0.1')
  for (const { timeUnixNano } of eventsOf(server))
    assert.ok(BigInt(timeUnixNano) >= start && BigInt(timeUnixNano) <= end)
  const durations = () => receiver.metrics().find(({ name }) => name === 'http.server.request.duration')
  await until(() => durations() !== undefined)
  const histogram = durations()?.['histogram'] as { dataPoints: Record<string, unknown>[] } | undefined
  assert.deepEqual(
    histogram?.dataPoints.map((point) => [point['count'], attributesOf(point)['http.response.status_code']]),
    [['1', '200']],
  )
  assert.deepEqual(receiver.mistakes, [])
})

test('a refusal is a trace without a call, and a log record within it', async () => {
  await using receiver = await startOtlpReceiver()
  await using gate = await startGate({
    service: (_request, response) => response.end('{}'),
    settings: { otlp: { endpoint: receiver.url, traces: { ratio: 1 } } },
  })
  await gate.exchange(plainRequest('GET /v1/things'))
  const refused = () =>
    receiver.logRecords().find(({ eventName }) => eventName === 'gateward.authentication-failed')
  await until(() => receiver.spans().length === 1 && refused() !== undefined)
  const [server] = receiver.spans()
  assert.deepEqual([refused()?.['traceId'], refused()?.['spanId']], [server?.['traceId'], server?.['spanId']])
  assert.equal(attributesOf(server)['http.response.status_code'], '401')
})

test('a stranger asks in vain to be sampled where the ratio says no, and the service is told so', async () => {
  await using receiver = await startOtlpReceiver()
  await using gate = await startGate({
    service: (_request, response) => response.end('{}'),
    settings: { otlp: { endpoint: receiver.url, traces: { ratio: 0 }, metrics: { every: '1s' } } },
  })
  const asked = `${given.slice(0, 53)}01`
  await gate.exchange(plainRequest('GET /v1/things', `x-api-key: ${gate.key}`, `traceparent: ${asked}`))
  assert.equal(gate.served[0]?.headers['traceparent'], given)
  await until(() => receiver.metrics().length > 0)
  assert.equal(receiver.spans().length, 0)
})

test('requests are served while the receiver of traces, metrics and logs hangs', async () => {
  await using receiver = await startOtlpReceiver(() => ({ status: 503 }))
  await using gate = await startGate({
    service: (_request, response) => response.end('{}'),
    settings: {
      otlp: { endpoint: receiver.url, traces: { ratio: 1, queue: '64KB' }, metrics: { every: '1s' } },
    },
  })
  for (let number = 0; number < 200; number++) {
    const answer = await gate.exchange(plainRequest('GET /v1/things', `x-api-key: ${gate.key}`))
    assert.match(answer, /^HTTP\/1\.1 200 /)
  }
  // What had no room is counted, not waited for.
  const log = () => readFileSync(join(gate.data, 'gateward.log'), 'utf8')
  await until(() => /"event":"queue-loss","queue":"traces for OTLP"/.test(log()))
})

function eventsOf(span: Readonly<Record<string, unknown>> | undefined) {
  return (span?.['events'] ?? []) as readonly { name: string; timeUnixNano: string }[]
}

function timesOf(span: Readonly<Record<string, unknown>> | undefined): readonly [bigint, bigint] {
  return [BigInt(String(span?.['startTimeUnixNano'])), BigInt(String(span?.['endTimeUnixNano']))]
}
