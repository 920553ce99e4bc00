import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { trustSettings } from '../../exchange/client-address-settings.ts'
import { createClientAddressReader } from '../../exchange/client-address.ts'
import type { AnsweredExchange, Exchange } from '../../exchange/exchange.ts'
import { HeaderList } from '../../exchange/header-list.ts'
import { openTestExchange, type TestRequest } from '../../exchange/testing.ts'
import type { Guard, Verdict } from '../guard.ts'
import { openTestBench, type TestBench } from '../testing.ts'
import { floodGuard } from './guard.ts'
import { floodSettings } from './settings.ts'

describe('the flood guard', () => {
  let bench: TestBench
  beforeEach(async () => {
    await bench?.[Symbol.asyncDispose]()
    bench = await openTestBench()
  })
  after(async () => bench[Symbol.asyncDispose]())

  const compile = (settings: Readonly<Record<string, unknown>> = {}): Guard => {
    const guard = bench.compile(floodGuard, settings)
    assert.ok(guard)
    return guard
  }

  it('refuses an address that is over its rate with 429, and no other', () => {
    const guard = compile({ rate: '3/min' })
    for (let request = 0; request < 3; request++) assert.equal(ask(guard).verdict.kind, 'pass')
    const { verdict, exchange } = ask(guard)
    assert.ok(verdict.kind === 'refuse')
    assert.deepEqual([verdict.problem.status, verdict.problem.code], [429, 'RATE_LIMITED'])
    assert.ok(Number(new Map(verdict.problem.headers).get('retry-after')) >= 1)
    assert.equal(exchange.limits[0]?.policy, 'address')
    assert.equal(ask(guard, { address: '192.0.2.2' }).verdict.kind, 'pass')
  })

  it('lets the address in again when Retry-After is over', () => {
    const guard = compile({ rate: '3/min' })
    for (let request = 0; request < 3; request++) ask(guard)
    const { verdict } = ask(guard)
    assert.ok(verdict.kind === 'refuse')
    bench.clock.advance(Number(new Map(verdict.problem.headers).get('retry-after')) * 1_000)
    assert.equal(ask(guard).verdict.kind, 'pass')
  })

  it('counts all operations together', () => {
    const [one, other] = [compile({ rate: '3/min' }), compile({ rate: '3/min' })]
    for (let request = 0; request < 3; request++) ask(one)
    assert.equal(ask(other).verdict.kind, 'refuse')
  })

  it('counts the addresses of one IPv6 network together, however a client changes them', () => {
    const guard = compile({ rate: '3/min' })
    const reader = createClientAddressReader(trustSettings.parse({}))
    const outcomes = Array.from({ length: 20 }, (_, index) => {
      const exchange = openTestExchange()
      Object.assign(exchange, { client: reader.readPeer(`2001:db8:1:2:${index}::${index}`).client })
      return (guard.onRequest?.(exchange) as Verdict | undefined)?.kind
    })
    assert.equal(outcomes.filter((kind) => kind === 'pass').length, 3)
  })

  it('is not fooled by a header that claims another address', () => {
    const guard = compile({ rate: '3/min' })
    const spoof = (last: number): TestRequest => ({ headers: { 'x-forwarded-for': `198.51.100.${last}` } })
    for (let request = 0; request < 3; request++) ask(guard, spoof(request))
    assert.equal(ask(guard, spoof(9)).verdict.kind, 'refuse')
  })

  it('holds one who changes the header of a rule to the limit by address', () => {
    const guard = compile({
      rate: '5/min',
      rules: [{ name: 'tenant', by: ['header:X-Tenant'], rate: '2/min' }],
    })
    const outcomes = Array.from(
      { length: 8 },
      (_, index) => ask(guard, { headers: { 'x-tenant': `tenant ${index}` } }).verdict.kind,
    )
    assert.deepEqual(outcomes, [...Array(5).fill('pass'), ...Array(3).fill('refuse')])
    const same = compile({ rules: [{ name: 'tenant', by: ['header:X-Tenant'], rate: '2/min' }] })
    for (const address of ['198.51.100.1', '198.51.100.2'])
      assert.equal(ask(same, { address, headers: { 'x-tenant': 'acme' } }).verdict.kind, 'pass')
    assert.equal(
      ask(same, { address: '198.51.100.3', headers: { 'x-tenant': 'acme' } }).verdict.kind,
      'refuse',
    )
  })

  it('does not let one value of a combination pass for another', () => {
    const guard = compile({ rules: [{ name: 'pair', by: ['header:a', 'header:b'], rate: '1/min' }] })
    assert.equal(ask(guard, { headers: { a: 'x header:b=1:y', b: '' } }).verdict.kind, 'pass')
    assert.equal(ask(guard, { headers: { a: 'x', b: 'y header:b=0:' } }).verdict.kind, 'pass')
    assert.equal(ask(guard, { headers: { a: 'x', b: 'y header:b=0:' } }).verdict.kind, 'refuse')
  })

  it('caps what one address has under way, until an answer is out', () => {
    const guard = compile({ concurrency: 2 })
    const first = ask(guard)
    assert.equal(ask(guard).verdict.kind, 'pass')
    const refused = ask(guard)
    assert.ok(refused.verdict.kind === 'refuse')
    assert.equal(refused.verdict.problem.code, 'CONCURRENCY_EXCEEDED')
    finish(refused.exchange)
    assert.equal(ask(guard).verdict.kind, 'refuse')
    finish(first.exchange)
    assert.equal(ask(guard).verdict.kind, 'pass')
  })

  it('caps what all have under way with 503', () => {
    const guard = compile({ totalConcurrency: 2 })
    const [first] = ['192.0.2.1', '192.0.2.2'].map((address) => ask(guard, { address }))
    const { verdict } = ask(guard, { address: '192.0.2.3' })
    assert.ok(verdict.kind === 'refuse')
    assert.deepEqual([verdict.problem.status, verdict.problem.code], [503, 'OVERLOADED'])
    finish(first?.exchange)
    assert.equal(ask(guard, { address: '192.0.2.3' }).verdict.kind, 'pass')
  })

  it('gives back every slot it took for a request that it refused', () => {
    const guard = compile({ concurrency: 1, totalConcurrency: 5 })
    const held = ask(guard)
    for (let attempt = 0; attempt < 100; attempt++) finish(ask(guard).exchange)
    finish(held.exchange)
    const others = Array.from({ length: 5 }, (_, index) => ask(guard, { address: `192.0.2.${index}` }))
    assert.ok(others.every(({ verdict }) => verdict.kind === 'pass'))
  })

  it('refuses an address that failed to authenticate too often, until the count has fallen', async () => {
    const guard = compile({ authenticationFailures: '3/min' })
    for (let failure = 0; failure < 3; failure++) await answer(guard, ask(guard).exchange, 401)
    assert.equal(ask(guard).verdict.kind, 'refuse')
    assert.equal(ask(guard, { address: '192.0.2.2' }).verdict.kind, 'pass')
    bench.clock.advance(20_001)
    assert.equal(ask(guard).verdict.kind, 'pass')
  })

  it('counts no answer but 401 as a failure, and none where that is off', async () => {
    const guard = compile({ authenticationFailures: '1/min' })
    for (const status of [200, 400, 403, 404, 429, 500]) await answer(guard, ask(guard).exchange, status)
    assert.equal(ask(guard).verdict.kind, 'pass')
    const off = compile({ authenticationFailures: 'off' })
    for (let failure = 0; failure < 50; failure++) await answer(off, ask(off).exchange, 401)
    assert.equal(ask(off).verdict.kind, 'pass')
  })

  it('tells its limits on passing answers only where the settings say so', () => {
    assert.deepEqual(ask(compile()).exchange.limits, [])
    assert.equal(ask(compile({ advertise: true })).exchange.limits[0]?.limit, 6_000)
  })

  it('counts apart where an operation has settings of its own', () => {
    const everywhere = compile({ rate: '5/min' })
    const extension = { guards: { flood: { rate: '5/min' } } }
    const operation = { id: 'login', extension } as unknown as NonNullable<Exchange['route']['operation']>
    const login = bench.compile(floodGuard, { rate: '5/min' }, { operation })
    assert.ok(login)
    for (let request = 0; request < 5; request++) ask(everywhere)
    assert.equal(ask(everywhere).verdict.kind, 'refuse')
    assert.equal(ask(login).verdict.kind, 'pass')
  })

  for (const [mistake, settings] of [
    ['a rule that limits nothing', { rules: [{ name: 'a', by: ['address'] }] }],
    ['a rule by consumer, whom nobody knows yet', { rules: [{ name: 'a', by: ['consumer'], rate: '1/s' }] }],
    ['two rules of one name', { rules: ['1/s', '2/s'].map((rate) => ({ name: 'a', by: ['host'], rate })) }],
    ['an unknown setting', { rates: '1/s' }],
    ['a rate without a unit', { rate: 60 }],
  ] as const) {
    it(`refuses settings with ${mistake}`, () => {
      assert.equal(floodSettings.safeParse(settings).success, false)
    })
  }
})

function ask(guard: Guard, request: TestRequest = {}): { verdict: Verdict; exchange: Exchange } {
  const exchange = openTestExchange(request)
  const verdict = guard.onRequest?.(exchange)
  assert.ok(verdict !== undefined && !(verdict instanceof Promise))
  return { verdict, exchange }
}

async function answer(guard: Guard, exchange: Exchange, status: number): Promise<void> {
  exchange.answer = { status, headers: new HeaderList(), body: { kind: 'none' }, source: 'gateway' }
  await guard.onResponse?.(exchange as AnsweredExchange)
  finish(exchange)
}

function finish(exchange: Exchange | undefined): void {
  exchange?.end()
}
