import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { systemClock } from '@gateward/kernel'
import { until } from '../delivery/testing-until.ts'
import { exampleRefusal, exampleRequest } from '../observe/events/testing.ts'
import { Observer } from '../observe/observer.ts'
import { observeSettings } from '../observe/settings.ts'
import type { RequestEvent, SpanFacts } from '../observe/events/event.ts'
import { withReferences } from '../settings/references.ts'
import { openOtlp } from './open-otlp.ts'
import { otlpSettings } from './settings.ts'
import { attributesOf, findMistake, startOtlpReceiver, writePublished } from './testing-receiver.ts'

const span: SpanFacts = {
  id: '00f067aa0ba902b7',
  parent: '53995c3f42cd8ad8',
  guards: [
    {
      guard: 'address',
      phase: 'request',
      verdict: 'pass',
      mode: 'enforce',
      code: undefined,
      at: 0.1,
      elapsed: 0.1,
    },
    { guard: 'waf', phase: 'request', verdict: 'refuse', mode: 'shadow', code: 'WAF', at: 0.4, elapsed: 0.3 },
  ],
  call: { startedAt: 0.5, endedAt: 10.5, target: 'http://127.0.0.1:3000', status: 200 },
}

describe('a trace', () => {
  it('is the span of the exchange, with what each guard said, and that of the call to the service', async () => {
    await using setup = await openSetup({})
    setup.publish(exampleRequest({ span }))
    await until(() => setup.receiver.spans().length === 2)
    const [server, client] = setup.receiver.spans()
    assert.deepEqual(setup.receiver.mistakes, [])
    assert.deepEqual(
      [server?.['name'], server?.['kind'], server?.['parentSpanId'], server?.['status']],
      ['GET /v1/orders/{id}', 2, span.parent, undefined],
    )
    const shown = attributesOf(server)
    assert.equal(shown['http.request.method'], 'GET')
    assert.equal(shown['http.route'], '/v1/orders/{id}')
    assert.equal(shown['http.response.status_code'], '200')
    assert.equal(shown['network.protocol.version'], '2')
    const events = server?.['events'] as readonly { name: string; timeUnixNano: string }[]
    assert.deepEqual(
      events.map(({ name, timeUnixNano }) => [
        name,
        Math.round(Number(BigInt(timeUnixNano) - start(server)) / 1_000),
      ]),
      [
        ['address', 100],
        ['waf', 400],
      ],
    )
    // The service saw the client span's id as its parent.
    assert.deepEqual(
      [client?.['spanId'], client?.['parentSpanId'], client?.['kind'], client?.['traceId']],
      ['b7ad6b7169203331', span.id, 3, server?.['traceId']],
    )
    assert.equal(Number(end(client) - start(client)), 10_000_000)
    assert.deepEqual(
      [attributesOf(client)['server.address'], attributesOf(client)['server.port']],
      ['127.0.0.1', '3000'],
    )
  })

  it('fails where the gateway or the service did, and not where the client did', async () => {
    await using setup = await openSetup({})
    const statuses = [404, 500, 0]
    for (const status of statuses)
      setup.publish(exampleRequest({ status, span: { ...span, call: undefined } }))
    await until(() => setup.receiver.spans().length === 3)
    assert.deepEqual(
      setup.receiver.spans().map((one) => [one['status'], attributesOf(one)['error.type']]),
      [
        [undefined, undefined],
        [{ code: 2 }, '500'],
        [{ code: 2 }, 'aborted'],
      ],
    )
  })

  it('has no name that a client makes up', async () => {
    await using setup = await openSetup({})
    setup.publish(exampleRequest({ method: 'ZZZ', template: '(none)', span }))
    await until(() => setup.receiver.spans().length === 2)
    assert.deepEqual(
      setup.receiver.spans().map(({ name }) => name),
      ['HTTP', 'HTTP'],
    )
  })
})

describe('either encoding', () => {
  for (const encoding of ['json', 'protobuf'] as const)
    it(`brings traces, records and metrics whole, and hears of what is refused: ${encoding}`, async () => {
      let asked = 0
      await using setup = await openSetup(
        { encoding, metrics: { every: '1s' }, logs: { requests: true } },
        (path) => {
          if (path !== '/v1/traces' || ++asked !== 2) return undefined
          const partialSuccess = { rejectedSpans: 3 }
          return encoding === 'json'
            ? { status: 200, body: JSON.stringify({ partialSuccess }) }
            : { status: 200, body: writePublished(path, { partialSuccess }) }
        },
      )
      const event = exampleRequest({ span, label: 'Ümläut "x" \u{1f600}', path: '/ü' })
      for (let number = 0; number < 200; number++) setup.publish(event)
      await until(() => setup.receiver.spans().length === 400 && setup.receiver.logRecords().length === 200)
      setup.publish(event)
      await until(() => setup.lost.length === 1 && setup.receiver.metrics().length > 0)
      assert.deepEqual(setup.lost, [1])
      assert.deepEqual(setup.receiver.mistakes, [])
      const [server, client] = setup.receiver.spans()
      assert.deepEqual(
        [server?.['traceId'], server?.['startTimeUnixNano'], client?.['kind']],
        ['0af7651916cd43dd8448eb211c80319c', '1700000039987500000', 3],
      )
      assert.equal(attributesOf(server)['url.path'], '/ü')
    })
})

describe('an outage of the receiver', () => {
  it('loses no span and no record: each comes once the receiver is back, at the time it asked for', async () => {
    let isUp = false
    const asked: number[] = []
    await using setup = await openSetup({}, (path) => {
      if (path === '/v1/metrics') return undefined
      asked.push(performance.now())
      return isUp ? undefined : { status: 503, headers: { 'retry-after': '1' } }
    })
    for (let number = 0; number < 500; number++) setup.publish(exampleRequest({ span }), exampleRefusal())
    await until(() => asked.length >= 4)
    isUp = true
    await until(() => setup.receiver.spans().length >= 1_000 && setup.receiver.logRecords().length >= 500)
    assert.deepEqual([setup.receiver.spans().length, setup.receiver.logRecords().length], [1_000, 500])
    assert.deepEqual([setup.receiver.mistakes, setup.lost], [[], []])
  })

  it('is not made longer by what it refuses for ever: that is lost, counted and told', async () => {
    await using setup = await openSetup(
      { logs: { enabled: false }, metrics: { enabled: false } },
      (_, number) =>
        number === 1 ? { status: 400 } : { status: 200, body: '{"partialSuccess":{"rejectedSpans":"1"}}' },
    )
    setup.publish(exampleRequest({ span }))
    await until(() => setup.lost.length === 1)
    setup.publish(exampleRequest({ span }))
    await until(() => setup.lost.length === 2)
    assert.deepEqual(setup.lost, [1, 1])
  })
})

describe('log records', () => {
  it('are events in the words of the protocol, within their trace', async () => {
    await using setup = await openSetup({})
    const request = exampleRequest({ status: 401, span })
    setup.publish(request, exampleRefusal({ request }))
    await until(() => setup.receiver.logRecords().length === 1)
    const [record] = setup.receiver.logRecords()
    assert.deepEqual(setup.receiver.mistakes, [])
    assert.deepEqual(
      [record?.['eventName'], record?.['severityText'], record?.['spanId']],
      ['gateward.authentication-failed', 'WARN2', span.id],
    )
    assert.deepEqual(record?.['body'], { stringValue: 'authentication: the API key is unknown' })
    assert.equal(attributesOf(record)['gateward.guard'], 'authentication')
  })

  it('hold every exchange where that is asked for', async () => {
    await using setup = await openSetup({ logs: { requests: true } })
    setup.publish(exampleRequest())
    await until(() => setup.receiver.logRecords().length === 1)
    assert.equal(setup.receiver.logRecords()[0]?.['eventName'], 'gateward.request')
  })
})

describe('metrics', () => {
  it('are what /metrics shows, sums since the start, and sent again after a failure', async () => {
    let tried = 0
    await using setup = await openSetup({ metrics: { every: '1s' } }, (path) =>
      path === '/v1/metrics' && ++tried === 1 ? { status: 503 } : undefined,
    )
    setup.observer.connectionRefused('tls-handshake', 'no', '192.0.2.1')
    await until(() => setup.receiver.metrics().length > 0)
    const refused = setup.receiver.metrics().find(({ name }) => name === 'gateward.connections_refused')
    const sum = refused?.['sum'] as { dataPoints: readonly Record<string, unknown>[]; isMonotonic: boolean }
    assert.ok(tried > 1)
    assert.equal(sum.isMonotonic, true)
    assert.deepEqual(
      [sum.dataPoints[0]?.['asDouble'], attributesOf(sum.dataPoints[0])],
      [1, { reason: 'tls-handshake' }],
    )
    assert.deepEqual(setup.receiver.mistakes, [])
  })
})

describe('the settings', () => {
  it('send nothing where no receiver is named', async () => {
    await using nothing = openOtlp({ ...options(), settings: otlpSettings.parse({}) })
    assert.ok(nothing instanceof AsyncDisposableStack)
  })

  it('take no secret in the file, no plain http to elsewhere and no unknown name', () => {
    for (const wrong of [
      { endpoint: 'http://collector.example:4318' },
      { endpoint: 'https://a.example', headers: { authorization: 'Bearer abc' } },
      { endpoint: 'https://a.example', traces: { ratio: 1.5 } },
      { endpoint: 'https://a.example', protocol: 'grpc' },
      { endpoint: 'https://a.example', encoding: 'grpc' },
      { endpoint: 'https://a.example', attributes: { 'Service Name': 'x' } },
    ])
      assert.equal(otlpSettings.safeParse(wrong).success, false, JSON.stringify(wrong))
  })
})

describe('the receiver of these tests', () => {
  it('refuses what OTLP does not know', () => {
    const body = (spans: string) => `{"resourceSpans":[{"scopeSpans":[{"spans":[${spans}]}]}]}`
    const id = '"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331"'
    assert.equal(findMistake('/v1/traces', body(`{${id},"name":"a"}`)), undefined)
    for (const wrong of [`{${id},"nam":"a"}`, `{${id},"name":1}`, '{"traceId":"abc"}', `{${id},"kind":"x"}`])
      assert.notEqual(findMistake('/v1/traces', body(wrong)), undefined, wrong)
  })
})

function options() {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-otlp-'))
  const observer = new Observer(observeSettings.parse({ log: 'none' }), systemClock)
  return { data: folder, observer, host: 'gate-1', version: '0.1.0', clock: systemClock }
}

async function openSetup(written: object, answer?: Parameters<typeof startOtlpReceiver>[0]) {
  const receiver = await startOtlpReceiver(answer)
  const parts = options()
  const lost: number[] = []
  parts.observer.lost = (_queue, count) => void lost.push(count)
  const settings = withReferences({ env: { TOKEN: 'secret' }, directory: '.' }, () =>
    otlpSettings.parse({ endpoint: receiver.url, ...written }),
  )
  const otlp = openOtlp({ ...parts, settings })
  return {
    receiver,
    lost,
    observer: parts.observer,
    publish(...events: (RequestEvent | ReturnType<typeof exampleRefusal>)[]) {
      for (const event of events) parts.observer.events.publish(event)
      parts.observer.events.flush()
    },
    async [Symbol.asyncDispose]() {
      await otlp[Symbol.asyncDispose]()
      await parts.observer[Symbol.asyncDispose]()
      await receiver[Symbol.asyncDispose]()
      rmSync(parts.data, { recursive: true, force: true })
    },
  }
}

function start(item: Readonly<Record<string, unknown>> | undefined): bigint {
  return BigInt(String(item?.['startTimeUnixNano']))
}

function end(item: Readonly<Record<string, unknown>> | undefined): bigint {
  return BigInt(String(item?.['endTimeUnixNano']))
}
