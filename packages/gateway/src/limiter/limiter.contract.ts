import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock, type Clock } from '@gateward/kernel'
import type { LimitStanding } from '../exchange/limit-standing.ts'
import { boundOf, type Limiter, type LimitPolicy } from './limiter.ts'
import { parseRate, toQuotaPolicy, toRatePolicy } from './rate.ts'

/** A limiter under test, and how its process is restarted. */
export interface LimiterUnderTest extends AsyncDisposable {
  readonly limiter: Limiter
  reopen(): Promise<Limiter>
}

/** The laws of {@link Limiter}, for one technology. */
export function obeysTheLawsOfLimiters(
  technology: string,
  open: (clock: Clock) => Promise<LimiterUnderTest>,
): void {
  describe(`limits in ${technology}`, () => {
    for (const algorithm of ['sliding-window', 'token-bucket'] as const) {
      it(`allows no window more than the bound of a ${algorithm}, wherever the window begins`, () =>
        allowsNoWindowMoreThanItsBound(algorithm, open))

      it(`charges nothing for what a ${algorithm} refuses`, () => chargesNothingForRefusals(algorithm, open))

      it(`allows after retrySeconds and is full after resetSeconds in a ${algorithm}`, () =>
        keepsItsPromises(algorithm, open))
    }

    it('keeps keys and families apart', () => keepsKeysApart(open))
    it('gives nothing away where the clock goes back', () => survivesAClockThatGoesBack(open))
    it('tells with a cost of 0 whether a unit is left, and takes none', () => peeks(open))
    it('refuses a cost that no window can ever hold', () => refusesTheUnpayable(open))
    it('gives out no more slots than there are, and each back once', () => givesOutSlots(open))
    it('counts quotas by the UTC day and month, exactly', () => countsByTheCalendar(open))
    it('remembers quotas after a restart', () => remembersQuotas(open))
    it('never allows more than the quota while requests wait for its count', () => readsTogether(open))
    it('describes the most used first', () => describesTheMostUsed(open))
  })
}

type Open = (clock: Clock) => Promise<LimiterUnderTest>

const arrivals = fc.array(
  fc.record({
    wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 11_000 })),
    cost: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 1, maxLength: 120 },
)

const policies = (algorithm: 'sliding-window' | 'token-bucket') =>
  fc
    .record({
      limit: fc.integer({ min: 1, max: 40 }),
      seconds: fc.integer({ min: 1, max: 10 }),
      burst: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
    })
    .map(({ limit, seconds, burst }) =>
      toRatePolicy(
        {
          limit,
          window: seconds * 1_000,
          period: undefined,
          burst: algorithm === 'token-bucket' ? burst : undefined,
        },
        'law',
        'laws',
        algorithm,
      ),
    )

async function allowsNoWindowMoreThanItsBound(
  algorithm: 'sliding-window' | 'token-bucket',
  open: Open,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(policies(algorithm), arrivals, async (policy, sequence) => {
      const clock = new ManualClock()
      await using subject = await open(clock)
      const allowed: { readonly at: number; readonly cost: number }[] = []
      for (const { wait, cost } of sequence) {
        clock.advance(wait)
        const standing = await subject.limiter.take('key', policy, cost)
        if (standing.allowed) allowed.push({ at: clock.tick(), cost })
      }
      for (const [first, { at }] of allowed.entries()) {
        const within = allowed.slice(first).filter((later) => later.at < at + policy.window)
        const sum = within.reduce((total, { cost }) => total + cost, 0)
        assert.ok(sum <= boundOf(policy), `${sum} units in one window of ${JSON.stringify(policy)}`)
      }
    }),
    { numRuns: 60 },
  )
}

async function chargesNothingForRefusals(
  algorithm: 'sliding-window' | 'token-bucket',
  open: Open,
): Promise<void> {
  const policy = toRatePolicy(
    { limit: 10, window: 10_000, period: undefined, burst: undefined },
    'law',
    'laws',
    algorithm,
  )
  const clock = new ManualClock()
  await using subject = await open(clock)
  assert.equal((await subject.limiter.take('key', policy, 7)).remaining, 3)
  for (let attempt = 0; attempt < 50; attempt++) {
    const refused = await subject.limiter.take('key', policy, 4)
    assert.equal(refused.allowed, false)
    assert.equal(refused.remaining, 3)
  }
  assert.equal((await subject.limiter.take('key', policy, 3)).allowed, true)
}

async function keepsItsPromises(algorithm: 'sliding-window' | 'token-bucket', open: Open): Promise<void> {
  await fc.assert(
    fc.asyncProperty(policies(algorithm), arrivals, async (policy, sequence) => {
      const clock = new ManualClock()
      await using subject = await open(clock)
      let last: LimitStanding | undefined
      for (const { wait } of sequence) {
        clock.advance(wait)
        last = await subject.limiter.take('key', policy, 1)
        assert.equal(last.retrySeconds === 0, last.allowed)
        assert.ok(last.remaining >= 0 && last.resetSeconds >= 1)
        if (!last.allowed) {
          clock.advance(last.retrySeconds * 1_000)
          assert.equal((await subject.limiter.take('key', policy, 1)).allowed, true)
        }
      }
      last = await subject.limiter.take('key', policy, 0)
      clock.advance(last.resetSeconds * 1_000)
      assert.equal((await subject.limiter.take('key', policy, policy.burst)).allowed, true)
    }),
    { numRuns: 60 },
  )
}

async function keepsKeysApart(open: Open): Promise<void> {
  const keys = [
    '',
    'a',
    'b',
    'a b',
    '__proto__',
    '\u0000',
    'é',
    'e\u0301',
    'x'.repeat(10_000),
    'x'.repeat(10_001),
  ]
  const clock = new ManualClock()
  await using subject = await open(clock)
  const one = [
    rate('3/min', 'one'),
    rate('3/min', 'two'),
    rate('3/min burst 3', 'three'),
    quota('3/day', 'four'),
  ]
  for (let use = 3; use > 0; use--)
    for (const policy of one)
      for (const key of keys)
        assert.equal((await subject.limiter.take(key, policy, 1)).remaining, use - 1, policy.name)
  for (const policy of one)
    for (const key of keys) assert.equal((await subject.limiter.take(key, policy, 1)).allowed, false)
}

async function survivesAClockThatGoesBack(open: Open): Promise<void> {
  const clock = new ManualClock(Date.UTC(2030, 0, 10, 12))
  await using subject = await open(clock)
  const spent = [
    rate('2/min', 'sliding'),
    rate('2/min burst 2', 'bucket'),
    quota('2/day', 'day'),
    quota('2/month', 'month'),
  ]
  clock.advance(1_000_000)
  for (const policy of spent) await subject.limiter.take('key', policy, 2)
  for (const back of [-1, -60_000, -900_000]) {
    clock.advance(back)
    for (const policy of spent)
      assert.equal((await subject.limiter.take('key', policy, 1)).allowed, false, policy.name)
  }
  const day = quota('2/day', 'day')
  clock.advance(-86_400_000)
  assert.equal((await subject.limiter.take('key', day, 2)).allowed, true)
  clock.advance(86_400_000)
  assert.equal((await subject.limiter.take('key', day, 1)).allowed, false)
  clock.advance(-86_400_000)
  assert.equal((await subject.limiter.take('key', day, 1)).allowed, false)
}

async function peeks(open: Open): Promise<void> {
  await using subject = await open(new ManualClock())
  for (const policy of [rate('2/min', 'sliding'), rate('2/min burst 2', 'bucket'), quota('2/day', 'day')]) {
    for (let look = 0; look < 5; look++)
      assert.deepEqual(pick(await subject.limiter.take('key', policy, 0)), { allowed: true, remaining: 2 })
    await subject.limiter.take('key', policy, 2)
    assert.deepEqual(pick(await subject.limiter.take('key', policy, 0)), { allowed: false, remaining: 0 })
  }
}

async function refusesTheUnpayable(open: Open): Promise<void> {
  await using subject = await open(new ManualClock())
  for (const policy of [rate('2/min', 'sliding'), rate('2/min burst 2', 'bucket'), quota('2/day', 'day')]) {
    const standing = await subject.limiter.take('key', policy, 3)
    assert.deepEqual(pick(standing), { allowed: false, remaining: 2 })
    assert.ok(standing.retrySeconds >= 1)
  }
}

async function givesOutSlots(open: Open): Promise<void> {
  await using subject = await open(new ManualClock())
  const { limiter } = subject
  const first = limiter.enter('key', 2)
  const second = limiter.enter('key', 2)
  assert.ok(first !== undefined && second !== undefined)
  assert.equal(limiter.enter('key', 2), undefined)
  assert.ok(limiter.enter('other', 1) !== undefined)
  first()
  first()
  assert.ok(limiter.enter('key', 2) !== undefined)
  assert.equal(limiter.enter('key', 2), undefined)
}

async function countsByTheCalendar(open: Open): Promise<void> {
  const clock = new ManualClock(Date.UTC(2028, 1, 29, 23, 59, 59, 999))
  await using subject = await open(clock)
  const day = quota('5/day', 'day')
  const month = quota('6/month', 'month')
  assert.equal((await subject.limiter.take('key', day, 5)).resetSeconds, 1)
  assert.equal((await subject.limiter.take('key', month, 5)).resetSeconds, 1)
  assert.equal((await subject.limiter.take('key', day, 1)).retrySeconds, 1)
  clock.advance(1)
  const fresh = await subject.limiter.take('key', day, 1)
  assert.deepEqual(pick(fresh), { allowed: true, remaining: 4 })
  assert.equal(fresh.resetSeconds, 86_400)
  const nextMonth = await subject.limiter.take('key', month, 6)
  assert.deepEqual(pick(nextMonth), { allowed: true, remaining: 0 })
  assert.equal(nextMonth.resetSeconds, 31 * 86_400)
}

async function remembersQuotas(open: Open): Promise<void> {
  const clock = new ManualClock(Date.UTC(2030, 5, 15))
  await using subject = await open(clock)
  const day = quota('10/day', 'day')
  const month = quota('100/month', 'month')
  await subject.limiter.take('key', day, 4)
  await subject.limiter.take('key', month, 40)
  const limiter = await subject.reopen()
  assert.equal((await limiter.take('key', day, 1)).remaining, 5)
  assert.equal((await limiter.take('key', month, 1)).remaining, 59)
  clock.advance(86_400_000)
  assert.equal((await limiter.take('key', day, 1)).remaining, 9)
  assert.equal((await limiter.take('key', month, 1)).remaining, 58)
}

async function readsTogether(open: Open): Promise<void> {
  const clock = new ManualClock(Date.UTC(2030, 5, 15))
  await using subject = await open(clock)
  const day = quota('10/day', 'day')
  await subject.limiter.take('key', day, 4)
  const limiter = await subject.reopen()
  const standings = await Promise.all(Array.from({ length: 30 }, async () => limiter.take('key', day, 1)))
  assert.equal(standings.filter(({ allowed }) => allowed).length, 6)
}

async function describesTheMostUsed(open: Open): Promise<void> {
  await using subject = await open(new ManualClock())
  const sliding = rate('10/min', 'sliding')
  for (let key = 1; key <= 9; key++) await subject.limiter.take(`key ${key}`, sliding, key)
  await subject.limiter.take('full', quota('5/day', 'day'), 5)
  assert.deepEqual(
    subject.limiter.describe(3).map(({ policy, key, limit, remaining }) => [policy, key, limit, remaining]),
    [
      ['day', 'full', 5, 0],
      ['sliding', 'key 9', 10, 1],
      ['sliding', 'key 8', 10, 2],
    ],
  )
  assert.deepEqual(subject.limiter.describe(0), [])
}

function pick({ allowed, remaining }: LimitStanding): { allowed: boolean; remaining: number } {
  return { allowed, remaining }
}

function rate(text: string, name: string): LimitPolicy {
  const parsed = parseRate(text)
  assert.ok(parsed)
  return toRatePolicy(parsed, name, name)
}

function quota(text: string, name: string): LimitPolicy {
  const parsed = parseRate(text)
  assert.ok(parsed?.period)
  return toQuotaPolicy({ ...parsed, period: parsed.period }, name, name)
}
