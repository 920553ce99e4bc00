import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { LimitPolicy } from './limiter.ts'
import { parseRate, toRatePolicy } from './rate.ts'
import { tiersSettings } from './tiers-settings.ts'
import { createTiers } from './tiers.ts'

describe('rates', () => {
  const written: readonly (readonly [text: string, limit: number, window: number, burst?: number])[] = [
    ['60/min', 60, 60_000],
    ['10/s', 10, 1_000],
    ['1000/hour', 1_000, 3_600_000],
    ['10000/day', 10_000, 86_400_000],
    ['300000/month', 300_000, 31 * 86_400_000],
    ['100/15min', 100, 900_000],
    ['60/min burst 20', 60, 60_000, 20],
  ]
  for (const [text, limit, window, burst] of written) {
    it(`reads ${text}`, () => {
      const rate = parseRate(text)
      assert.deepEqual([rate?.limit, rate?.window, rate?.burst], [limit, window, burst])
    })
  }

  for (const text of [
    '',
    '60',
    '60/',
    '0/min',
    '-1/min',
    '1.5/s',
    '60/minute',
    '60/min burst',
    '60/min burst 0',
    ' 60/min',
    '60/min ',
    '1/0s',
    '9999999999/s',
    '60 /min',
  ]) {
    it(`reads nothing from ${JSON.stringify(text)}`, () => {
      assert.equal(parseRate(text), undefined)
    })
  }

  it('reads any text without a throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseRate(text)))
  })

  it('counts with a token bucket where a burst is written, else with a sliding window', () => {
    const [plain, bursting] = [parseRate('60/min'), parseRate('60/min burst 20')]
    assert.ok(plain && bursting)
    assert.equal(toRatePolicy(plain, 'a', 'a').algorithm, 'sliding-window')
    const bucket = toRatePolicy(bursting, 'a', 'a')
    assert.deepEqual([bucket.algorithm, bucket.burst], ['token-bucket', 20])
  })
})

describe('tiers', () => {
  it('have a default where none are declared', () => {
    const tier = createTiers(tiersSettings.parse(undefined)).find(undefined)
    assert.equal(tier?.name, 'default')
    assert.deepEqual(
      tier.policies.map(({ limit, window }) => [limit, window]),
      [[600, 60_000]],
    )
  })

  it('are found by name, the first of them by default, and an unknown one not at all', () => {
    const tiers = createTiers(
      tiersSettings.parse({
        free: { rate: '60/min', quota: ['10000/day', '100000/month'], concurrency: 10 },
        pro: { rate: ['20/s', '1200/min'], algorithm: 'token-bucket' },
      }),
    )
    assert.equal(tiers.find(undefined)?.name, 'free')
    assert.equal(tiers.find('gold'), undefined)
    assert.deepEqual(
      tiers.find('free')?.policies.map(({ name, algorithm, limit }) => [name, algorithm, limit]),
      [
        ['free', 'sliding-window', 60],
        ['free-day', 'calendar', 10_000],
        ['free-month', 'calendar', 100_000],
      ],
    )
    assert.equal(tiers.find('free')?.concurrency, 10)
    assert.deepEqual(
      tiers.find('pro')?.policies.map(({ name, burst }) => [name, burst]),
      [
        ['pro', 20],
        ['pro-2', 1_200],
      ],
    )
  })

  it('count on where they did when a rate is changed', () => {
    const policyOf = (rate: string): LimitPolicy | undefined =>
      createTiers(tiersSettings.parse({ free: { rate } })).find('free')?.policies[0]
    const [before, after] = [policyOf('60/min'), policyOf('90/min')]
    assert.deepEqual([before?.limit, after?.limit], [60, 90])
    assert.equal(before?.family, after?.family)
  })

  for (const [mistake, settings] of [
    ['no tier at all', {}],
    ['a tier that limits nothing', { free: {} }],
    ['an unknown setting', { free: { rate: '60/min', rates: '60/min' } }],
    ['a month as rate', { free: { rate: '60/month' } }],
    ['a minute as quota', { free: { quota: '60/min' } }],
    ['a quota with a burst', { free: { quota: '60/day burst 2' } }],
    ['a sliding window with a burst', { free: { rate: '60/min burst 2', algorithm: 'sliding-window' } }],
    ['two rates of one window', { free: { rate: ['60/min', '70/min'] } }],
    ['a name that no header field can hold', { 'fr"ee': { rate: '60/min' } }],
  ] as const) {
    it(`refuse ${mistake}`, () => {
      assert.equal(tiersSettings.safeParse(settings).success, false)
    })
  }
})
