import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GatewardEvent } from '../../observe/events/event.ts'
import { exampleRefusal, exampleRequest } from '../../observe/events/testing.ts'
import * as fc from 'fast-check'
import { LineWriter } from '../../observe/line-writer.ts'
import { createCefWriter } from './cef.ts'
import { createEcsWriter } from './ecs.ts'
import type { EventWriter, WritingContext } from './event-writer.ts'
import { createOwnWriter } from './json.ts'
import { createOcsfWriter } from './ocsf.ts'
import { ocsfMistakes } from './testing-ocsf.ts'
import { OcsfSchema } from './testing-ocsf-schema.ts'

const schemaFolder = process.env['GATEWARD_OCSF']
const context = { version: '0.1.0', host: 'gate-1' }
const uid = '0123456789abcdef-7'
const writeOcsf = toText(createOcsfWriter)
const writeEcs = toText(createEcsWriter)
const writeCef = toText(createCefWriter)
const writeJson = toText(createOwnWriter)
const time = 1_700_000_000_000
const request = exampleRequest()

const events: readonly GatewardEvent[] = [
  request,
  exampleRequest({
    operation: '(none)',
    template: '(none)',
    status: 404,
    code: 'NOT_FOUND',
    consumer: undefined,
    client: '2001:db8::1',
    path: '/x|y=z\\\n',
  }),
  ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'BREW'].flatMap((method) => [
    exampleRequest({ method }),
    exampleRequest({ method, operation: '(none)' }),
  ]),
  ...(
    [
      'authentication-failed',
      'access-denied',
      'limit-exceeded',
      'validation-refused',
      'waf-matched',
      'request-refused',
      'response-refused',
    ] as const
  ).flatMap((kind) => [
    exampleRefusal({ kind, reason: 'a|b=c\\d\r\ne' }),
    exampleRefusal({
      kind,
      mode: 'shadow',
      request: exampleRequest({ client: '', host: '', consumer: undefined }),
    }),
  ]),
  {
    kind: 'guard-fault',
    time,
    guard: 'waf',
    mode: 'enforce',
    code: 'INTERNAL_ERROR',
    reason: 'broke',
    request,
  },
  {
    kind: 'data-touched',
    time,
    dataClass: 'pii.email',
    counts: { encrypted: 0, searched: 1, decrypted: 2, revealed: 0, concealed: 2 },
    requestId: 'r',
    api: 'shop',
    operation: 'o',
    consumer: 'acme',
  },
  ...(['key-created', 'key-rotated', 'key-revoked', 'key-disabled', 'key-enabled'] as const).map((kind) => ({
    kind,
    time,
    key: 'key_1',
    display: 'gw_live_7Hk…',
    consumer: 'acme',
    expiresAt: time,
  })),
  { kind: 'connection-refused', time, reason: 'tls', detail: 'no', client: '192.0.2.1' },
  { kind: 'configuration-loaded', time, configuration: '9c41', warnings: 0 },
  { kind: 'configuration-refused', time, diagnostics: [{ code: 'x', severity: 'error', message: 'wrong' }] },
  { kind: 'certificate-loaded', time, name: 'gate', notAfter: time },
  ...(['certificate-ending', 'key-ending', 'waiver-ending'] as const).map((kind) => ({
    kind,
    time,
    subject: 's',
    detail: 'd',
    endsAt: time,
  })),
  { kind: 'issuer-keys', time, source: 'https://id', outcome: 'failed', reason: 'r' },
  { kind: 'upstream-health', time, upstream: 'shop', available: false, reason: 'r' },
  { kind: 'queue-loss', time, queue: 'siem', lost: 3, reason: 'full' },
  { kind: 'notice', time, code: 'c', severity: 'error', reason: 'r', fix: undefined },
  { kind: 'state', time, state: 'ready' },
  {
    kind: 'anomaly',
    time,
    id: 'a',
    measure: 'requests',
    dimension: 'consumer',
    subject: 'acme',
    api: 'shop',
    severity: 'high',
    observed: 9,
    expected: 1,
    explanation: 'much',
  },
  ...(['firing', 'escalated', 'resolved'] as const).map((state) => ({
    kind: 'alert' as const,
    time,
    id: 'a',
    rule: 'error-spike',
    state,
    severity: 'critical' as const,
    subject: 'shop',
    summary: 's',
    count: 3,
  })),
]

describe('an event', () => {
  it('is valid OCSF, whatever it is', () => {
    for (const event of events) {
      const written = JSON.parse(writeOcsf(event)) as Record<string, unknown>
      assert.deepEqual(ocsfMistakes(written), [], event.kind)
    }
  })

  it(
    'is valid by the schema that OCSF publishes, whatever it is',
    {
      skip:
        schemaFolder === undefined ? 'set GATEWARD_OCSF to a checkout of ocsf/ocsf-schema at 1.3.0' : false,
    },
    () => {
      const schema = new OcsfSchema(schemaFolder ?? '')
      assert.equal(schema.version, '1.3.0')
      for (const event of events) {
        const written = JSON.parse(writeOcsf(event)) as Record<string, unknown>
        assert.deepEqual(schema.mistakes(written), [], event.kind)
      }
      const written = JSON.parse(writeOcsf(request)) as Record<string, unknown>
      for (const change of [
        { api: undefined },
        { device: { hostname: 'a', type_id: 1 } },
        { severity_id: 'high' },
        { activity_id: 17 },
        { type_uid: 1 },
        { src_endpoint: {} },
        { src_endpoint: { ip: 'nowhere' } },
        { surprise: 1 },
      ])
        assert.notDeepEqual(schema.mistakes({ ...written, ...change }), [], JSON.stringify(change))
    },
  )

  it('is of the class of OCSF that fits', () => {
    const classOf = (event: GatewardEvent) =>
      (JSON.parse(writeOcsf(event)) as { class_uid: number }).class_uid
    assert.equal(classOf(request), 6003)
    assert.equal(classOf(exampleRequest({ operation: '(none)' })), 4002)
    assert.equal(classOf(exampleRefusal()), 3002)
    assert.equal(classOf(exampleRefusal({ kind: 'waf-matched' })), 2004)
  })

  it('is found to be wrong OCSF where something is missing or strange', () => {
    const written = JSON.parse(writeOcsf(request)) as Record<string, unknown>
    for (const name of ['time', 'type_uid', 'severity_id', 'metadata', 'actor', 'api', 'src_endpoint'])
      assert.notDeepEqual(ocsfMistakes({ ...written, [name]: undefined }), [], name)
    assert.notDeepEqual(ocsfMistakes({ ...written, type_uid: 1 }), [])
    assert.notDeepEqual(ocsfMistakes({ ...written, activity_id: 42 }), [])
    assert.notDeepEqual(ocsfMistakes({ ...written, invented: 1 }), [])
  })

  it('is one line in every format, with the categories and types that ECS knows', () => {
    const categories = new Set([
      'authentication',
      'configuration',
      'host',
      'iam',
      'intrusion_detection',
      'web',
    ])
    const types = new Set(['access', 'allowed', 'denied', 'creation', 'deletion', 'info'])
    for (const event of events) {
      for (const write of [writeJson, writeEcs, writeCef, writeOcsf])
        assert.ok(!/[\r\n]/.test(write(event)), event.kind)
      const { event: fields, ecs } = JSON.parse(writeEcs(event)) as {
        event: { category: string[]; type: string[]; outcome: string; kind: string }
        ecs: { version: string }
      }
      assert.ok(fields.category.every((category) => categories.has(category)))
      assert.ok(fields.type.every((type) => types.has(type)))
      assert.equal(ecs.version, '8.11.0')
    }
  })

  it('is CEF that reads back as it was, so that no request can write a field of its own', () => {
    for (const event of events) {
      const { head, extension } = readCef(writeCef(event))
      assert.equal(head.length, 7)
      assert.equal(extension.get('externalId'), uid)
      assert.equal(extension.get('rt'), String(event.time))
      if ('guard' in event) assert.equal(extension.get('reason'), event.reason)
    }
  })
})

describe('an exchange', () => {
  const text = fc.oneof(
    fc.constantFrom('', 'acme', 'api.example.com', 'bücher.example', '2001:db8::1', 'a|b=c\\d"e', '{"x":1}'),
    fc.string({ unit: 'binary', maxLength: 20 }),
  )
  const maybe = fc.option(text, { nil: undefined })
  const count = fc.nat({ max: 2 ** 40 })
  const exchanges = fc.record({
    time: fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 }),
    requestId: text,
    path: text,
    host: text,
    client: fc.constantFrom('', '192.0.2.7', '2001:db8::1'),
    block: text,
    consumer: maybe,
    label: maybe,
    credential: maybe,
    object: text,
    duration: fc.oneof(fc.constantFrom(0, 0.25, 1e7), fc.double({ min: 0, max: 1e6, noNaN: true })),
    upstreamDuration: fc.constantFrom(undefined, 0, 3.5),
    bytesIn: count,
    bytesOut: count,
    status: fc.constantFrom(200, 404, 500, 0),
    code: fc.constantFrom(undefined, 'NOT_FOUND'),
    method: fc.constantFrom('GET', 'POST', 'BREW'),
    operation: fc.constantFrom('getOrder', '(none)'),
    secure: fc.boolean(),
    span: fc.constantFrom(undefined, { id: 'ä', parent: '', guards: [], call: undefined }),
  })

  it('is written the same whether others like it came before or not, whatever it holds', () => {
    for (const create of [createOcsfWriter, createEcsWriter, createCefWriter, createOwnWriter]) {
      const again = toText(create)
      fc.assert(
        fc.property(fc.array(exchanges, { maxLength: 6 }), (list) => {
          for (const changes of list) {
            const event = exampleRequest(changes)
            assert.equal(again(event), toText(create)(event))
          }
        }),
        { numRuns: 150 },
      )
    }
  })

  it('has the same words as what a guard says of it', () => {
    fc.assert(
      fc.property(exchanges, (changes) => {
        const event = exampleRequest({ ...changes, operation: 'getOrder', method: 'GET' })
        const failed = exampleRefusal({ request: event })
        const found = exampleRefusal({ kind: 'waf-matched', request: event })
        assertSame(writeOcsf(event), writeOcsf(failed), ['http_request', 'src_endpoint', 'dst_endpoint'])
        const { evidences } = JSON.parse(writeOcsf(found)) as { evidences: object[] }
        assertSame(writeOcsf(event), JSON.stringify(evidences[0]), ['actor', 'api', 'src_endpoint'])
        assertSame(writeEcs(event), writeEcs(found), ['source', 'url', 'http', 'service', 'trace', 'user'])
        const [own, other] = [writeCef(event), writeCef(found)].map((line) => readCef(line).extension)
        for (const name of ['src', 'c6a2', 'suser', 'request', 'dhost', 'in', 'out', 'cs1'])
          assert.equal(own?.get(name) ?? '', other?.get(name) ?? '', name)
      }),
    )
  })

  it('is all there as Gateward has it itself, but for the host, which is that of the gateway', () => {
    fc.assert(
      fc.property(exchanges, (changes) => {
        const event = exampleRequest(changes)
        const time = new Date(event.time).toISOString()
        const expected = JSON.parse(JSON.stringify({ ...event, uid, host: context.host, time })) as object
        assert.deepEqual(JSON.parse(writeJson(event)), expected)
      }),
    )
  })

  it('is valid OCSF in every shape', () => {
    const schema = schemaFolder === undefined ? undefined : new OcsfSchema(schemaFolder)
    fc.assert(
      fc.property(exchanges, (changes) => {
        const written = JSON.parse(writeOcsf(exampleRequest(changes))) as Record<string, unknown>
        assert.deepEqual(ocsfMistakes(written), [])
        assert.deepEqual(schema?.mistakes(written) ?? [], [])
      }),
    )
  })
})

function toText(create: (context: WritingContext) => EventWriter): (event: GatewardEvent) => string {
  const line = new LineWriter()
  const write = create(context)
  return (event) => {
    assert.equal(write(line, event, uid), true)
    return line.take().toString()
  }
}

function assertSame(left: string, right: string, names: readonly string[]): void {
  const [one, other] = [left, right].map((text) => JSON.parse(text) as Record<string, unknown>)
  for (const name of names) assert.deepEqual(one?.[name], other?.[name], name)
}

/** Reads CEF as its specification says: seven parts with | and \ escaped, then name=value with = and \ escaped. */
function readCef(line: string): {
  readonly head: readonly string[]
  readonly extension: ReadonlyMap<string, string>
} {
  const parts = line.split(/(?<!\\)\|/)
  const extension = new Map<string, string>()
  const rest = parts.slice(7).join('|')
  const names = [...rest.matchAll(/(?:^| )([A-Za-z0-9]+)=/g)]
  names.forEach((match, index) => {
    const value = rest.slice(match.index + match[0].length, names[index + 1]?.index ?? rest.length)
    extension.set(
      match[1] ?? '',
      value.replace(/\\(.)/g, (_, escaped: string) => ({ n: '\n', r: '\r' })[escaped] ?? escaped),
    )
  })
  return { head: parts.slice(0, 7), extension }
}
