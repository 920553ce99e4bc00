import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import type { Operation } from '@gateward/openapi'
import type { Exchange } from '../../exchange/exchange.ts'
import type { Known } from '../../exchange/principal.ts'
import { openTestExchange, type TestRequest } from '../../exchange/testing.ts'
import type { Guard, Verdict } from '../guard.ts'
import { openTestBench, type TestBench } from '../testing.ts'
import { quotaGuard } from './guard.ts'
import { quotaSettings } from './settings.ts'

const tiers = {
  free: { rate: '3/min', quota: '5/day', concurrency: 2 },
  pro: { rate: '100/min' },
}

describe('the quota guard', () => {
  let bench: TestBench
  beforeEach(async () => {
    await bench?.[Symbol.asyncDispose]()
    bench = await openTestBench(tiers)
  })
  after(async () => bench[Symbol.asyncDispose]())

  const compile = (settings: Readonly<Record<string, unknown>> = {}, operation?: Operation): Guard => {
    const guard = bench.compile(quotaGuard, settings, operation === undefined ? {} : { operation })
    assert.ok(guard)
    return guard
  }

  it('holds each consumer to the rate of the tier, and tells how it stands', () => {
    const guard = compile()
    const { exchange } = ask(guard, known('ada', 'free'))
    assert.deepEqual(
      exchange.limits.map(({ policy, limit, remaining }) => [policy, limit, remaining]),
      [
        ['free', 3, 2],
        ['free-day', 5, 4],
      ],
    )
    ask(guard, known('ada', 'free'))
    ask(guard, known('ada', 'free'))
    const { verdict } = ask(guard, known('ada', 'free'))
    assert.ok(verdict.kind === 'refuse')
    assert.deepEqual([verdict.problem.code, verdict.problem.status], ['RATE_LIMITED', 429])
    assert.equal(ask(guard, known('bob', 'free')).verdict.kind, 'pass')
    assert.equal(ask(guard, known('ada', 'pro')).verdict.kind, 'pass')
  })

  it('spends no quota on requests that are too fast, and refuses when the day is used up', async () => {
    const guard = compile()
    for (let request = 0; request < 50; request++) ask(guard, known('ada', 'free'))
    bench.clock.advance(62_000)
    assert.equal(ask(guard, known('ada', 'free')).verdict.kind, 'pass')
    assert.equal(ask(guard, known('ada', 'free')).verdict.kind, 'pass')
    const { verdict } = ask(guard, known('ada', 'free'))
    assert.ok(verdict.kind === 'refuse')
    assert.equal(verdict.problem.code, 'QUOTA_EXCEEDED')
    bench.clock.advance(86_400_000)
    const tomorrow = openTestExchange()
    tomorrow.identify(known('ada', 'free'))
    assert.equal((await guard.onRequest?.(tomorrow))?.kind, 'pass')
  })

  it('holds anonymous callers to the default tier by their address', () => {
    const guard = compile()
    for (let request = 0; request < 3; request++) assert.equal(ask(guard).verdict.kind, 'pass')
    assert.equal(ask(guard).verdict.kind, 'refuse')
    assert.equal(ask(guard, undefined, { address: '192.0.2.9' }).verdict.kind, 'pass')
  })

  it('does not let a consumer be mistaken for an anonymous address', () => {
    const guard = compile()
    for (let request = 0; request < 4; request++) ask(guard, known('anonymous 192.0.2.1', 'free'))
    assert.equal(ask(guard).verdict.kind, 'pass')
  })

  it('holds a consumer of a tier that is gone to the default one', () => {
    const guard = compile({ defaultTier: 'pro' })
    assert.equal(ask(guard, known('ada', 'gold')).exchange.limits[0]?.limit, 100)
    assert.equal(ask(guard, known('ada', undefined)).exchange.limits[0]?.limit, 100)
  })

  it('follows tiers that a reload changes without forgetting what was counted', () => {
    const guard = compile()
    for (let request = 0; request < 4; request++) ask(guard, known('ada', 'free'))
    const reloaded = bench.compile(quotaGuard, {}, { tiers: { free: { rate: '5/min' } } })
    assert.ok(reloaded)
    const { exchange } = ask(reloaded, known('ada', 'free'))
    assert.deepEqual([exchange.limits[0]?.limit, exchange.limits[0]?.remaining], [5, 1])
  })

  it('charges what an operation costs, and nothing where it costs 0', () => {
    const report = operation({ cost: 2 })
    assert.equal(ask(compile({}, report), known('ada', 'free')).exchange.limits[0]?.remaining, 1)
    assert.equal(ask(compile({}, report), known('ada', 'free')).verdict.kind, 'refuse')
    const free = compile({}, operation({ cost: 0 }))
    for (let request = 0; request < 20; request++)
      assert.equal(ask(free, known('ada', 'free')).verdict.kind, 'pass')
  })

  it('caps what a consumer has under way', () => {
    const guard = compile()
    const first = ask(guard, known('ada', 'free'), {}, false)
    ask(guard, known('ada', 'free'), {}, false)
    const { verdict } = ask(guard, known('ada', 'free'))
    assert.ok(verdict.kind === 'refuse')
    assert.equal(verdict.problem.code, 'CONCURRENCY_EXCEEDED')
    first.exchange.end()
    assert.equal(ask(guard, known('ada', 'free')).verdict.kind, 'pass')
  })

  it('gives a slot back at once where the client has left while others were asked', () => {
    const guard = compile()
    for (let request = 0; request < 3; request++) {
      const exchange = openTestExchange()
      exchange.identify(known('ada', 'free'))
      exchange.end()
      assert.equal((guard.onRequest?.(exchange) as Verdict | undefined)?.kind, 'pass')
    }
  })

  it('counts by any combination', () => {
    const guard = compile({ rules: [{ name: 'pair', by: ['key', 'operation'], rate: '1/min' }] })
    const route = (operationId: string): TestRequest => ({
      route: { api: 'shop', family: 'shop', operationId, template: '/', operation: undefined },
    })
    assert.equal(ask(guard, known('ada', 'pro', 'k1'), route('list')).verdict.kind, 'pass')
    assert.equal(ask(guard, known('ada', 'pro', 'k1'), route('list')).verdict.kind, 'refuse')
    assert.equal(ask(guard, known('ada', 'pro', 'k1'), route('get')).verdict.kind, 'pass')
    assert.equal(ask(guard, known('ada', 'pro', 'k2'), route('list')).verdict.kind, 'pass')
  })

  it('reports a default tier that is not declared, and a cost that no limit can hold', () => {
    compile({ defaultTier: 'gold' })
    compile({ rules: [{ name: 'small', by: ['consumer'], rate: '5/min' }] }, operation({ cost: 9 }))
    assert.deepEqual(
      bench.diagnostics.map(({ code, severity }) => [code, severity]),
      [
        ['unknown-tier', 'error'],
        ['unpayable-cost', 'error'],
        ['unpayable-cost', 'error'],
        ['unpayable-cost', 'error'],
      ],
    )
  })

  for (const [mistake, settings] of [
    ['a rule that limits nothing', { rules: [{ name: 'a', by: ['consumer'] }] }],
    ['a rule by host', { rules: [{ name: 'a', by: ['host'], rate: '1/s' }] }],
    ['a negative cost', { cost: -1 }],
  ] as const) {
    it(`refuses settings with ${mistake}`, () => {
      assert.equal(quotaSettings.safeParse(settings).success, false)
    })
  }
})

function known(consumer: string, tier: string | undefined, key = 'key-1'): Known {
  return {
    kind: 'known',
    consumer,
    label: consumer,
    tier,
    scopes: new Set(),
    roles: new Set(),
    claims: {},
    credentials: [{ kind: 'api-key', scheme: 'key', id: key, display: 'gw_test_…' }],
  }
}

function operation(extension: Readonly<Record<string, unknown>>): Operation {
  return { id: 'report', extension } as unknown as Operation
}

function ask(
  guard: Guard,
  principal?: Known,
  request: TestRequest = {},
  finish = true,
): { verdict: Verdict; exchange: Exchange } {
  const exchange = openTestExchange(request)
  if (principal !== undefined) exchange.identify(principal)
  const verdict = guard.onRequest?.(exchange)
  assert.ok(verdict !== undefined && !(verdict instanceof Promise))
  if (finish) exchange.end()
  return { verdict, exchange }
}
