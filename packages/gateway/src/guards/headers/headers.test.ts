import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Answer } from '../../exchange/answer.ts'
import type { AnsweredExchange } from '../../exchange/exchange.ts'
import { HeaderList } from '../../exchange/header-list.ts'
import type { Known } from '../../exchange/principal.ts'
import { openTestExchange, type TestRequest } from '../../exchange/testing.ts'
import type { Guard } from '../guard.ts'
import { openTestBench, type TestBench } from '../testing.ts'
import { headersGuard } from './guard.ts'
import { headersSettings } from './settings.ts'

describe('the headers guard', () => {
  let bench: TestBench
  before(async () => {
    bench = await openTestBench()
  })
  after(async () => bench[Symbol.asyncDispose]())

  const answerWith = (
    upstream: readonly string[],
    options: {
      settings?: Readonly<Record<string, unknown>>
      request?: TestRequest
      source?: Answer['source']
      known?: boolean
    } = {},
  ): HeaderList => {
    const guard = bench.compile(headersGuard, options.settings)
    assert.ok(guard)
    return respond(guard, upstream, options)
  }

  it('protects an answer of an API over TLS', () => {
    assert.deepEqual(answerWith(['content-type', 'application/json']).flat, [
      'content-type',
      'application/json',
      'strict-transport-security',
      'max-age=63072000; includeSubDomains',
      'content-security-policy',
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options',
      'nosniff',
      'x-frame-options',
      'DENY',
      'referrer-policy',
      'no-referrer',
      'permissions-policy',
      'accelerometer=(), autoplay=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
      'cross-origin-resource-policy',
      'same-origin',
      'cross-origin-opener-policy',
      'same-origin',
      'x-request-id',
      '01TESTTESTTESTTESTTESTTEST',
    ])
  })

  it('promises TLS only over TLS, also where the upstream promises it', () => {
    const headers = answerWith(['strict-transport-security', 'max-age=1'], { request: { secure: false } })
    assert.equal(headers.has('strict-transport-security'), false)
  })

  it('gives pages a policy of their own', () => {
    for (const type of ['text/html', 'Text/HTML; charset=utf-8', ' text/html', 'application/xhtml+xml'])
      assert.match(answerWith(['content-type', type]).get('content-security-policy') ?? '', /'self'/, type)
    for (const type of ['text/htmlx', 'application/json', 'text/plain; x=text/html'])
      assert.match(
        answerWith(['content-type', type]).get('content-security-policy') ?? '',
        /^default-src 'none'/,
      )
  })

  it('leaves no banner of any software', () => {
    const banners = [
      'Server',
      'X-Powered-By',
      'X-AspNet-Version',
      'X-AspNetMvc-Version',
      'Via',
      'X-Generator',
      'X-Runtime',
      'X-Drupal-Cache',
      'X-Varnish',
      'X-Kong-Proxy-Latency',
      'X-Debug-Token',
    ]
    const headers = answerWith(banners.flatMap((name) => [name.toLowerCase(), 'nginx/1.2.3']))
    assert.equal(headers.flat.includes('nginx/1.2.3'), false)
  })

  it('replaces what the upstream protects less, whole', () => {
    const headers = answerWith([
      'x-frame-options',
      'ALLOWALL',
      'content-security-policy',
      'default-src *',
      'content-security-policy',
      "script-src 'unsafe-inline'",
      'x-request-id',
      'theirs',
    ])
    assert.deepEqual(
      ['x-frame-options', 'content-security-policy', 'x-request-id'].map((name) => headers.count(name)),
      [1, 1, 1],
    )
    assert.equal(headers.get('x-frame-options'), 'DENY')
  })

  it('keeps what the upstream is trusted to set, and sets it where it does not', () => {
    const settings = { keepUpstream: ['Content-Security-Policy'] }
    assert.equal(
      answerWith(['content-security-policy', 'theirs'], { settings }).getJoined('content-security-policy'),
      'theirs',
    )
    assert.match(answerWith([], { settings }).get('content-security-policy') ?? '', /^default-src/)
  })

  it('keeps answers to known callers out of caches, unless the upstream says how', () => {
    assert.equal(answerWith([], { known: true }).get('cache-control'), 'no-store')
    assert.equal(
      answerWith(['cache-control', 'private, max-age=60'], { known: true }).getJoined('cache-control'),
      'private, max-age=60',
    )
    assert.equal(answerWith([]).has('cache-control'), false)
    assert.equal(answerWith([], { source: 'gateway' }).get('cache-control'), 'no-store')
    const request = { headers: { authorization: 'Bearer x' } }
    assert.equal(answerWith([], { request }).get('cache-control'), 'no-store')
  })

  it('leaves a field to the upstream where it is off', () => {
    const settings = {
      transportSecurity: 'off',
      frameOptions: 'off',
      contentSecurity: 'off',
      cacheControl: 'off',
    }
    const headers = answerWith(['x-frame-options', 'SAMEORIGIN'], { settings, known: true })
    assert.equal(headers.get('x-frame-options'), 'SAMEORIGIN')
    for (const name of ['strict-transport-security', 'cache-control']) assert.equal(headers.has(name), false)
  })

  it('changes nothing in shadow', () => {
    assert.deepEqual(answerWith(['server', 'x'], { settings: { mode: 'shadow' } }).flat, ['server', 'x'])
  })

  it('never leaves a field twice or an odd list, whatever the upstream sends', () => {
    const names = fc.constantFrom(
      'server',
      'x-drupal-a',
      'x-custom',
      'x-frame-options',
      'set-cookie',
      'vary',
      'cache-control',
      'content-type',
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(names, fc.string()), { maxLength: 30 }),
        fc.boolean(),
        (fields, known) => {
          const headers = answerWith(fields.flat(), { known })
          assert.equal(headers.flat.length % 2, 0)
          for (const name of ['x-frame-options', 'x-content-type-options', 'x-request-id'])
            assert.equal(headers.count(name), 1)
          for (const name of ['set-cookie', 'vary', 'x-custom'])
            assert.equal(headers.count(name), fields.filter(([sent]) => sent === name).length)
        },
      ),
    )
  })

  for (const [mistake, settings] of [
    ['preload of less than a year', { transportSecurity: { preload: true, maxAge: '30d' } }],
    ['preload without subdomains', { transportSecurity: { preload: true, includeSubDomains: false } }],
    ['a value with a line break', { contentSecurity: "default-src 'none'\r\nx: y" }],
    ['an empty value', { referrerPolicy: '' }],
    ['a pattern with a star inside', { remove: ['x-*-y'] }],
    ['an unknown setting', { hsts: true }],
  ] as const) {
    it(`refuses settings with ${mistake}`, () => {
      assert.equal(headersSettings.safeParse(settings).success, false)
    })
  }

  it('takes a preload that browsers would take', () => {
    const headers = answerWith([], { settings: { transportSecurity: { preload: true } } })
    assert.equal(headers.get('strict-transport-security'), 'max-age=63072000; includeSubDomains; preload')
  })
})

function respond(
  guard: Guard,
  upstream: readonly string[],
  options: { request?: TestRequest; source?: Answer['source']; known?: boolean },
): HeaderList {
  const exchange = openTestExchange(options.request)
  if (options.known === true) exchange.identify(somebody)
  const headers = new HeaderList([...upstream])
  exchange.answer = { status: 200, headers, body: { kind: 'none' }, source: options.source ?? 'upstream' }
  assert.deepEqual(guard.onResponse?.(exchange as AnsweredExchange), { kind: 'pass' })
  return headers
}

const somebody: Known = {
  kind: 'known',
  consumer: 'ada',
  label: 'Ada',
  tier: undefined,
  scopes: new Set(),
  roles: new Set(),
  claims: {},
  credentials: [],
}
