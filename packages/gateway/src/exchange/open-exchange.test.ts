import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '@gateward/kernel'
import * as fc from 'fast-check'
import { trustSettings } from './client-address-settings.ts'
import { createClientAddressReader } from './client-address.ts'
import { createExchangeOpener, type RawRequest } from './open-exchange.ts'

const addresses = createClientAddressReader(trustSettings.parse({ proxies: ['10.0.0.0/8'] }))
const open = createExchangeOpener({
  wire: { headerBytes: 16_384, headerCount: 100, urlLength: 8_192 },
  addresses,
  clock: new ManualClock(1_700_000_000_000),
})

function openFrom(address: string, request: Partial<RawRequest>, encrypted = true) {
  const raw: RawRequest = {
    method: 'GET',
    target: '/v1/orders?a=1',
    rawHeaders: ['Host', 'API.example:8443'],
    protocol: 'http/1.1',
    authority: undefined,
    hasBody: undefined,
    defect: undefined,
    ...request,
  }
  return open(raw, { peer: addresses.readPeer(address), encrypted, mayBePlain: address.startsWith('10.') })
}

const withHost = (...rest: string[]) => ({ rawHeaders: ['Host', 'api.example', ...rest] })

test('a plain request opens with its one reading', () => {
  const opening = openFrom('203.0.113.9', {})
  assert.equal(opening.defect, undefined)
  assert.equal(opening.request.path, '/v1/orders')
  assert.equal(opening.request.query, 'a=1')
  assert.equal(opening.request.host, 'api.example')
  assert.equal(opening.request.hasBody, false)
  assert.equal(opening.request.contentLength, 0)
  assert.equal(opening.client.text, '203.0.113.9')
  assert.match(opening.id, /^[0-9A-Z]{26}$/)
})

test('a body is there where it is chunked or has a length', () => {
  const chunked = openFrom('203.0.113.9', withHost('Transfer-Encoding', 'Chunked'))
  assert.equal(chunked.defect, undefined)
  assert.equal(chunked.request.hasBody, true)
  assert.equal(chunked.request.contentLength, undefined)
  const sized = openFrom('203.0.113.9', withHost('Content-Length', '12'))
  assert.equal(sized.request.contentLength, 12)
  const stream = openFrom('203.0.113.9', {
    protocol: 'h2',
    authority: 'api.example',
    rawHeaders: [],
    hasBody: true,
  })
  assert.equal(stream.request.contentLength, undefined)
  assert.equal(stream.request.hasBody, true)
})

const defects: readonly (readonly [name: string, request: Partial<RawRequest>, code: string])[] = [
  ['no Host', { rawHeaders: [] }, 'BAD_REQUEST'],
  ['two Hosts', withHost('host', 'api.example'), 'BAD_REQUEST'],
  ['a Host with user information', { rawHeaders: ['Host', 'good@evil.example'] }, 'BAD_REQUEST'],
  ['a Host with a path', { rawHeaders: ['Host', 'good.example/evil'] }, 'BAD_REQUEST'],
  ['a list of Hosts', { rawHeaders: ['Host', 'a.example, b.example'] }, 'BAD_REQUEST'],
  ['an empty Host', { rawHeaders: ['Host', ''] }, 'BAD_REQUEST'],
  ['a Host with a bad port', { rawHeaders: ['Host', 'a.example:99999'] }, 'BAD_REQUEST'],
  [
    'Host and :authority that differ',
    { ...withHost(), authority: 'evil.example', protocol: 'h2' },
    'BAD_REQUEST',
  ],
  ['two lengths', withHost('Content-Length', '5', 'Content-Length', '5'), 'BAD_REQUEST'],
  ['a length and chunks', withHost('Content-Length', '5', 'Transfer-Encoding', 'chunked'), 'BAD_REQUEST'],
  ['chunks and a length', withHost('Transfer-Encoding', 'chunked', 'Content-Length', '5'), 'BAD_REQUEST'],
  ['a signed length', withHost('Content-Length', '+5'), 'BAD_REQUEST'],
  ['a hexadecimal length', withHost('Content-Length', '0x5'), 'BAD_REQUEST'],
  ['a list of lengths', withHost('Content-Length', '5, 5'), 'BAD_REQUEST'],
  ['a length beyond all numbers', withHost('Content-Length', '9'.repeat(20)), 'BAD_REQUEST'],
  ['another transfer coding', withHost('Transfer-Encoding', 'xchunked'), 'BAD_REQUEST'],
  ['a list of transfer codings', withHost('Transfer-Encoding', 'identity, chunked'), 'BAD_REQUEST'],
  ['chunked twice', withHost('Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'chunked'), 'BAD_REQUEST'],
  [
    'chunks in HTTP/1.0',
    { ...withHost('Transfer-Encoding', 'chunked'), protocol: 'http/1.0' },
    'BAD_REQUEST',
  ],
  ['an absolute target', { target: 'http://api.example/v1' }, 'INVALID_PATH'],
  ['an asterisk target', { target: '*', method: 'OPTIONS' }, 'INVALID_PATH'],
  ['an ambiguous path', { target: '/a/%2e%2e/b' }, 'INVALID_PATH'],
  ['a long target', { target: `/${'a'.repeat(8_192)}` }, 'URI_TOO_LONG'],
  ['many header lines', withHost(...Array.from({ length: 200 }, () => 'a')), 'HEADERS_TOO_LARGE'],
  ['much header text', withHost('a', 'a'.repeat(16_384)), 'HEADERS_TOO_LARGE'],
  ['TRACE', { method: 'TRACE' }, 'METHOD_NOT_ALLOWED'],
  ['CONNECT', { method: 'CONNECT', target: 'evil.example:443' }, 'METHOD_NOT_ALLOWED'],
]

for (const [name, request, code] of defects) {
  test(`${name} is a defect`, () => {
    assert.equal(openFrom('203.0.113.9', request).defect?.code, code)
  })
}

test('an unencrypted request is refused unless it comes from this machine or a trusted proxy', () => {
  assert.equal(openFrom('203.0.113.9', {}, false).defect?.code, 'TLS_REQUIRED')
  assert.equal(openFrom('10.0.0.1', {}, false).defect, undefined)
  assert.equal(
    openFrom('10.0.0.1', withHost('X-Forwarded-Proto', 'http'), false).defect?.code,
    'TLS_REQUIRED',
  )
  const secure = openFrom('10.0.0.1', withHost('X-Forwarded-Proto', 'https'), false)
  assert.equal(secure.defect, undefined)
  assert.equal(secure.request.secure, true)
})

test('HTTP/2 fields take the form of HTTP/1.1: a Host, and one line of cookies', () => {
  const { request, defect } = openFrom('203.0.113.9', {
    protocol: 'h2',
    authority: 'api.example:8443',
    rawHeaders: [':path', '/', 'cookie', 'a=1', 'accept', '*/*', 'cookie', 'b=2'],
    hasBody: false,
  })
  assert.equal(defect, undefined)
  assert.deepEqual(request.headers.flat, ['cookie', 'a=1; b=2', 'accept', '*/*', 'host', 'api.example:8443'])
})

test('a request id is taken over from a trusted proxy alone, and only a well-formed one', () => {
  const id = 'abcdef-0123456789'
  assert.equal(openFrom('10.0.0.1', withHost('X-Request-Id', id)).id, id)
  assert.notEqual(openFrom('203.0.113.9', withHost('X-Request-Id', id)).id, id)
  assert.match(openFrom('10.0.0.1', withHost('X-Request-Id', 'a\tb c d e f')).id, /^[0-9A-Z]{26}$/)
  assert.match(openFrom('10.0.0.1', withHost('X-Request-Id', id, 'X-Request-Id', id)).id, /^[0-9A-Z]{26}$/)
})

test('a trace goes on, unless it is told twice', () => {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  assert.equal(openFrom('203.0.113.9', withHost('traceparent', trace)).traceparent, trace)
  assert.notEqual(
    openFrom('203.0.113.9', withHost('traceparent', trace, 'traceparent', trace)).traceparent,
    trace,
  )
})

test('opening never throws, and a request without a defect has a path and a host', () => {
  const name = fc.constantFrom(
    'host',
    'Content-Length',
    'transfer-encoding',
    'x-request-id',
    'traceparent',
    'upgrade',
    'a',
  )
  const value = fc.oneof(fc.string(), fc.constantFrom('chunked', '5', 'api.example'))
  const headers = fc.array(fc.tuple(name, value), { maxLength: 6 })
  fc.assert(
    fc.property(fc.string(), headers, (target, lines) => {
      const { defect, request } = openFrom('10.0.0.1', { target: `/${target}`, rawHeaders: lines.flat() })
      if (defect === undefined) assert.ok(request.path.startsWith('/') && request.host !== '')
    }),
    { numRuns: 2_000 },
  )
})
