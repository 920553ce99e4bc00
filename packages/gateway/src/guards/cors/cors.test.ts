import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Answer } from '../../exchange/answer.ts'
import type { AnsweredExchange } from '../../exchange/exchange.ts'
import { HeaderList } from '../../exchange/header-list.ts'
import { openTestExchange, type TestRequest } from '../../exchange/testing.ts'
import type { Guard, Verdict } from '../guard.ts'
import { openTestBench, type TestBench } from '../testing.ts'
import { corsGuard } from './guard.ts'
import { OriginList } from './origin-list.ts'
import { corsSettings } from './settings.ts'

const app = 'https://app.example.com'
const evil = 'https://evil.example'

describe('the CORS guard', () => {
  let bench: TestBench
  before(async () => {
    bench = await openTestBench()
  })
  after(async () => bench[Symbol.asyncDispose]())

  const compile = (
    settings: Readonly<Record<string, unknown>> = { origins: [app] },
    pathMethods?: readonly string[],
  ): Guard => {
    const guard = bench.compile(corsGuard, settings, pathMethods === undefined ? {} : { pathMethods })
    assert.ok(guard)
    return guard
  }

  it('answers the preflight of an allowed page, before anybody says who they are', () => {
    const verdict = preflight(compile(), app, 'POST', 'content-type, X-API-Key')
    assert.ok(verdict?.kind === 'answer')
    const { status, headers, body } = verdict.answer
    assert.deepEqual([status, body.kind], [204, 'none'])
    assert.equal(headers.get('access-control-allow-origin'), app)
    assert.equal(headers.get('access-control-allow-methods'), 'GET, HEAD, POST, PUT, PATCH, DELETE')
    assert.equal(headers.get('access-control-max-age'), '600')
    assert.match(headers.get('vary') ?? '', /Origin/)
    assert.match(headers.get('access-control-allow-headers') ?? '', /x-api-key/)
    assert.equal(headers.has('access-control-allow-credentials'), false)
  })

  it('refuses the preflight of any other page, method or field', () => {
    const guard = compile()
    for (const verdict of [
      preflight(guard, evil, 'GET'),
      preflight(guard, 'null', 'GET'),
      preflight(guard, app, 'TRACE'),
      preflight(guard, app, 'GET', 'x-forwarded-for'),
      preflight(compile({}), app, 'GET'),
      preflight(compile(undefined, ['GET']), app, 'DELETE'),
    ]) {
      assert.ok(verdict?.kind === 'refuse')
      assert.deepEqual([verdict.problem.status, verdict.problem.code], [403, 'ORIGIN_DENIED'])
    }
  })

  it('lets a page read the answer only where its origin is listed', () => {
    const allowed = respond(compile(), { headers: { origin: app } })
    assert.equal(allowed.get('access-control-allow-origin'), app)
    assert.match(allowed.get('access-control-expose-headers') ?? '', /ratelimit/)
    const denied = respond(compile(), { headers: { origin: evil } })
    assert.equal(denied.has('access-control-allow-origin'), false)
  })

  it('never repeats an origin that is not listed, whatever it looks like', () => {
    const guard = compile({ origins: [app, 'https://*.example.org'], credentials: true })
    const tricks = [
      'null',
      '*',
      '',
      'https://app.example.com.evil.example',
      'https://evil.example/app.example.com',
      'https://app.example.com@evil.example',
      'https://app.example.com:444',
      'http://app.example.com',
      'https://APP.example.com',
      'https://app.example.comx',
      'https://evilexample.org',
      'https://example.org',
      'https://.example.org',
      'https://a..example.org',
      'https://evil.example/.example.org',
      'https://evil.example?.example.org',
      'https://evil.example#.example.org',
      'https://evil.example\\.example.org',
      'https://user@.example.org',
      'https://a.example.org:8443',
      'https://a.example.org.evil.example',
      'https://app.example.com, https://app.example.com',
      'https://evil.example\u0000.example.org',
      'https://\u00e9.example.org',
      'https://[::1].example.org',
    ]
    for (const origin of tricks) {
      const headers = respond(guard, { headers: { origin } })
      assert.equal(headers.has('access-control-allow-origin'), false, origin)
      assert.equal(headers.has('access-control-allow-credentials'), false, origin)
    }
    for (const origin of ['https://a.example.org', 'https://a.b-c.example.org'])
      assert.equal(respond(guard, { headers: { origin } }).get('access-control-allow-origin'), origin)
  })

  it('allows below a domain only hosts that a browser resolves below it', () => {
    const list = new OriginList(['https://*.example.org'])
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.domain()), (text) => {
        const origin = `https://${text}.example.org`
        if (!list.allows(origin)) return
        const url = new URL(origin)
        assert.equal(url.origin, origin)
        assert.ok(url.hostname.endsWith('.example.org'))
      }),
      { numRuns: 500 },
    )
  })

  it('removes what the upstream says of CORS, also where it reflects', () => {
    const headers = respond(compile(), { headers: { origin: evil } }, [
      'access-control-allow-origin',
      evil,
      'access-control-allow-credentials',
      'true',
      'access-control-allow-private-network',
      'true',
      'x-custom',
      'stays',
    ])
    assert.equal(
      headers.flat.some((text) => text.startsWith('access-control-')),
      false,
    )
    assert.equal(headers.get('x-custom'), 'stays')
  })

  it('says once that answers vary by origin, whoever asks', () => {
    assert.equal(respond(compile(), {}).get('vary'), 'Origin')
    assert.equal(respond(compile(), {}, ['vary', 'Accept']).getJoined('vary'), 'Accept, Origin')
    assert.equal(respond(compile(), {}, ['vary', 'accept, ORIGIN']).getJoined('vary'), 'accept, ORIGIN')
    assert.equal(respond(compile(), {}, ['vary', 'X-Origin']).getJoined('vary'), 'X-Origin, Origin')
    assert.equal(respond(compile({}), {}).has('vary'), false)
  })

  it('sends a star for a public API, and never credentials with it', () => {
    const guard = compile({ origins: ['*'] })
    const headers = respond(guard, { headers: { origin: evil } })
    assert.equal(headers.get('access-control-allow-origin'), '*')
    assert.equal(headers.has('access-control-allow-credentials'), false)
    const verdict = preflight(guard, evil, 'GET')
    assert.ok(verdict?.kind === 'answer')
    assert.equal(verdict.answer.headers.get('access-control-allow-origin'), '*')
  })

  it('lets credentials along for listed origins where the settings say so', () => {
    const guard = compile({ origins: [app], credentials: true })
    assert.equal(respond(guard, { headers: { origin: app } }).get('access-control-allow-credentials'), 'true')
  })

  it('refuses what changes something for a page that is not allowed, and lets reads pass unseen', () => {
    const guard = compile()
    const from = (method: string, origin: string, more: TestRequest = {}): string | undefined =>
      ask(guard, { method, headers: { origin }, ...more })?.kind
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      assert.equal(from(method, evil), 'refuse')
      assert.equal(from(method, 'null'), 'refuse')
      assert.equal(from(method, app), 'pass')
      assert.equal(from(method, 'https://api.example:8443'), 'pass')
      assert.equal(from(method, 'https://api.example.evil.example'), 'refuse')
    }
    assert.equal(from('GET', evil), 'pass')
    const lenient = compile({ origins: [app], refuseUnsafe: false })
    assert.equal(ask(lenient, { method: 'POST', headers: { origin: evil } })?.kind, 'pass')
  })

  it('refuses a WebSocket of a page that is not allowed', () => {
    for (const settings of [{ origins: [app] }, { refuseUnsafe: false }]) {
      const exchange = openTestExchange({ headers: { origin: evil, upgrade: 'websocket' } })
      Object.assign(exchange.request, { upgrade: 'websocket' })
      const verdict = compile(settings).onRequest?.(exchange)
      assert.ok(verdict !== undefined && !(verdict instanceof Promise))
      assert.equal(verdict.kind, 'refuse')
    }
  })

  it('leaves its own preflight answer as it is on the way up', () => {
    const guard = compile()
    const verdict = preflight(guard, app, 'GET')
    assert.ok(verdict?.kind === 'answer')
    const before = verdict.answer.headers.copy().flat
    const request = { method: 'OPTIONS', headers: { origin: app, 'access-control-request-method': 'GET' } }
    assert.deepEqual(respond(guard, request, verdict.answer.headers.flat, 'gateway', 204).flat, before)
  })

  it('passes OPTIONS that is no preflight, and requests of no page', () => {
    assert.equal(ask(compile(), { method: 'OPTIONS', headers: { origin: app } })?.kind, 'pass')
    assert.equal(ask(compile(), { method: 'POST' })?.kind, 'pass')
  })

  it('warns of an origin that anybody on the way can change', () => {
    const before = bench.diagnostics.length
    compile({ origins: ['http://app.example.com', 'http://localhost:3000'] })
    assert.deepEqual(
      bench.diagnostics.slice(before).map(({ code, severity }) => [code, severity]),
      [['insecure-origin', 'warning']],
    )
  })

  for (const [mistake, settings] of [
    ['credentials for every origin', { origins: ['*'], credentials: true }],
    ['the origin null', { origins: ['null'] }],
    ['a path', { origins: ['https://app.example.com/'] }],
    ['a star for a whole top-level domain', { origins: ['https://*.com'] }],
    ['a star inside a label', { origins: ['https://app*.example.com'] }],
    ['a star for the port', { origins: ['https://app.example.com:*'] }],
    ['a port that browsers leave away', { origins: ['https://app.example.com:443'] }],
    ['a host without a scheme', { origins: ['app.example.com'] }],
    ['every header', { headers: ['*'] }],
  ] as const) {
    it(`refuses settings with ${mistake}`, () => {
      assert.equal(corsSettings.safeParse(settings).success, false)
    })
  }
})

function ask(guard: Guard, request: TestRequest): Verdict | undefined {
  const verdict = guard.onRequest?.(openTestExchange(request))
  assert.ok(!(verdict instanceof Promise))
  return verdict
}

function preflight(guard: Guard, origin: string, method: string, fields?: string): Verdict | undefined {
  const headers = {
    origin,
    'access-control-request-method': method,
    ...(fields === undefined ? {} : { 'access-control-request-headers': fields }),
  }
  return ask(guard, { method: 'OPTIONS', headers })
}

function respond(
  guard: Guard,
  request: TestRequest,
  upstream: readonly string[] = [],
  source: Answer['source'] = 'upstream',
  status = 200,
): HeaderList {
  const exchange = openTestExchange(request)
  const headers = new HeaderList([...upstream])
  exchange.answer = { status, headers, body: { kind: 'none' }, source }
  guard.onResponse?.(exchange as AnsweredExchange)
  return headers
}
