import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Operation } from '@gateward/openapi'
import * as fc from 'fast-check'
import { HeaderList } from '../../exchange/header-list.ts'
import { openTestExchange, type TestRequest } from '../../exchange/testing.ts'
import type { Verdict } from '../guard.ts'
import { findFieldFlaw } from './field-flaws.ts'
import { protocolGuard } from './guard.ts'
import { protocolSettings, wireSettings } from './settings.ts'

interface Trial extends TestRequest {
  readonly settings?: object
  readonly operation?: Operation
  readonly upgrade?: string
  readonly contentLength?: number
}

function ask({ settings, operation, upgrade, contentLength, ...request }: Trial): Verdict {
  const guard = protocolGuard.compile({
    settings: protocolSettings.parse(settings ?? {}),
    api: 'shop',
    family: 'shop',
    operation,
    unmatched: false,
    securitySchemes: new Map(),
    // The protocol asks nobody.
    services: {} as never,
    report: (diagnostic) => assert.fail(diagnostic.message),
  })
  const exchange = openTestExchange(request)
  Object.assign(exchange.request, { upgrade, ...(contentLength === undefined ? {} : { contentLength }) })
  const verdict = guard?.onRequest?.(exchange)
  assert.ok(verdict !== undefined && !(verdict instanceof Promise))
  return verdict
}

function codeOf(trial: Trial): string {
  const verdict = ask(trial)
  return verdict.kind === 'refuse' ? verdict.problem.code : verdict.kind
}

const trials: readonly (readonly [name: string, trial: Trial, code: string])[] = [
  ['a plain request passes', {}, 'pass'],
  ['a method outside the list is refused', { method: 'PROPFIND' }, 'METHOD_NOT_ALLOWED'],
  ['a narrower list is kept', { method: 'DELETE', settings: { methods: ['GET'] } }, 'METHOD_NOT_ALLOWED'],
  ['a WebSocket is refused by default', { upgrade: 'websocket' }, 'UPGRADE_REFUSED'],
  ['a WebSocket passes where it is allowed', { upgrade: 'websocket', settings: { websocket: true } }, 'pass'],
  ['h2c is refused even there', { upgrade: 'h2c', settings: { websocket: true } }, 'UPGRADE_REFUSED'],
  [
    'a list of upgrades is refused',
    { upgrade: 'websocket, h2c', settings: { websocket: true } },
    'UPGRADE_REFUSED',
  ],
  ['a GET with a body is refused', { hasBody: true }, 'BAD_REQUEST'],
  [
    'a GET with a body passes where the contract declares one',
    { hasBody: true, operation: withBody() },
    'pass',
  ],
  ['a POST with a body passes', { method: 'POST', hasBody: true }, 'pass'],
  [
    'a body over the limit is refused',
    { method: 'POST', hasBody: true, contentLength: 1_048_577 },
    'PAYLOAD_TOO_LARGE',
  ],
  ['gzip passes', { method: 'POST', hasBody: true, headers: { 'Content-Encoding': 'GZIP' } }, 'pass'],
  [
    'an unknown coding is refused',
    { method: 'POST', hasBody: true, headers: { 'Content-Encoding': 'lzma' } },
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  [
    'two codings are refused',
    { method: 'POST', hasBody: true, headers: { 'Content-Encoding': 'gzip, gzip' } },
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  [
    'a list of types is refused',
    { headers: { 'Content-Type': 'text/plain, application/json' } },
    'BAD_REQUEST',
  ],
  ['Connection: close passes', { headers: { Connection: 'close' } }, 'pass'],
  ['Connection with the usual words passes', { headers: { Connection: 'Keep-Alive, TE ,Upgrade' } }, 'pass'],
  [
    'Connection that names a credential is refused',
    { headers: { Connection: 'close, Authorization' } },
    'BAD_REQUEST',
  ],
  [
    'Connection that names an address field is refused',
    { headers: { Connection: 'X-Forwarded-For' } },
    'BAD_REQUEST',
  ],
]

function withBody(): Operation {
  const requestBody = { required: false, mediaTypes: [], match: () => undefined }
  return { requestBody } as unknown as Operation
}

for (const [name, trial, code] of trials) {
  test(name, () => {
    assert.equal(codeOf(trial), code)
  })
}

test('the refused method is told which ones there are', () => {
  const verdict = ask({ method: 'PROPFIND', settings: { methods: ['GET', 'POST'] } })
  assert.ok(verdict.kind === 'refuse')
  assert.deepEqual(verdict.problem.headers, [['allow', 'GET, POST']])
})

test('a field that may stand once is refused where it stands twice, in any place', () => {
  for (const name of ['authorization', 'content-type', 'origin', 'range', 'user-agent']) {
    assert.equal(
      findFieldFlaw(new HeaderList([name, 'a', 'accept', 'x', name, 'a']))?.code,
      'BAD_REQUEST',
      name,
    )
  }
  assert.equal(
    findFieldFlaw(new HeaderList(['accept', 'a', 'accept', 'b', 'cookie', 'a', 'cookie', 'b'])),
    undefined,
  )
})

test('a Connection made to be slow to judge is refused like any other', () => {
  for (const value of [
    `${'close,'.repeat(5_000)}x`,
    `${' '.repeat(16_000)}x`,
    'te'.repeat(8_000),
    `${' , '.repeat(5_000)}x`,
  ])
    assert.equal(findFieldFlaw(new HeaderList(['connection', value]))?.code, 'BAD_REQUEST')
})

test('no list of header lines makes the guard throw', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), (headers) => {
      assert.ok(['pass', 'refuse'].includes(ask({ headers }).kind))
    }),
  )
})

test('a wait of nothing or of for ever, and a header section of nothing, are refused', () => {
  for (const headers of ['0s', '25h', '30d'])
    assert.equal(wireSettings.safeParse({ timeouts: { headers } }).success, false)
  for (const headerBytes of ['0B', '2MB'])
    assert.equal(wireSettings.safeParse({ headerBytes }).success, false)
})

test('unknown settings are fatal, and every limit has a default', () => {
  assert.equal(protocolSettings.safeParse({ wire: { headerByte: '1KB' } }).success, false)
  assert.equal(protocolSettings.safeParse({ methods: ['TRACE'] }).success, false)
  assert.deepEqual(Object.keys(wireSettings.parse({})).length, 7)
})
