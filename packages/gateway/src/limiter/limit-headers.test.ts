import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HeaderList } from '../exchange/header-list.ts'
import type { LimitStanding } from '../exchange/limit-standing.ts'
import { openTestExchange } from '../exchange/testing.ts'
import { retryAfter, writeLimitHeaders } from './limit-headers.ts'

describe('limit headers', () => {
  it('tell the tightest limit first, in three families', () => {
    const headers = write([
      standing({ policy: 'free', limit: 60, remaining: 57, resetSeconds: 41 }),
      standing({ policy: 'free-day', limit: 10_000, window: 86_400, remaining: 100, resetSeconds: 3_600 }),
    ])
    assert.deepEqual(headers.flat, [
      'x-ratelimit-limit',
      '10000',
      'x-ratelimit-remaining',
      '100',
      'x-ratelimit-reset',
      '3600',
      'ratelimit-policy',
      '"free-day";q=10000;w=86400, "free";q=60;w=60',
      'ratelimit',
      '"free-day";r=100;t=3600, "free";r=57;t=41',
    ])
  })

  it('put the limit that refused before one with less left', () => {
    const headers = write([
      standing({ policy: 'spent', remaining: 0 }),
      standing({ policy: 'refused', remaining: 2, allowed: false }),
    ])
    assert.match(headers.get('ratelimit') ?? '', /^"refused"/)
  })

  it('are not there where nothing was counted, and leave the upstream its own', () => {
    const headers = write([], ['x-ratelimit-limit', '5'])
    assert.deepEqual(headers.flat, ['x-ratelimit-limit', '5'])
  })

  it('replace what the upstream says under the same names', () => {
    const headers = write(
      [standing({})],
      ['ratelimit', 'x', 'x-ratelimit-limit', '5', 'ratelimit-limit', '9'],
    )
    assert.equal(headers.count('ratelimit'), 1)
    assert.equal(headers.get('x-ratelimit-limit'), '60')
    assert.equal(headers.has('ratelimit-limit'), false)
  })

  it('follow a policy whose numbers change', () => {
    assert.equal(write([standing({ limit: 60 })]).get('ratelimit-policy'), '"free";q=60;w=60')
    assert.equal(write([standing({ limit: 90 })]).get('ratelimit-policy'), '"free";q=90;w=60')
  })

  it('are structured fields whatever the policies are called', () => {
    fc.assert(
      fc.property(fc.array(standings, { minLength: 1, maxLength: 5 }), (limits) => {
        const headers = write(limits)
        for (const name of ['ratelimit-policy', 'ratelimit']) {
          const items = readStructuredList(headers.get(name) ?? '')
          assert.equal(items.length, limits.length)
          for (const parameters of items) {
            const keys = Object.keys(parameters)
            assert.deepEqual(keys, name === 'ratelimit' ? ['r', 't'] : ['q', 'w'])
          }
          for (const { r, t, w } of items) {
            assert.ok(r === undefined || r >= 0)
            assert.ok(t === undefined || t >= 1)
            assert.ok(w === undefined || w >= 1)
          }
        }
      }),
    )
  })
})

describe('Retry-After', () => {
  it('is never 0, never too early, and at most a tenth and two seconds late', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3_000_000 }),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        (retrySeconds, random) => {
          const seconds = Number(retryAfter(standing({ retrySeconds, allowed: false }), () => random))
          assert.ok(Number.isSafeInteger(seconds) && seconds >= 1)
          assert.ok(seconds >= retrySeconds && seconds <= Math.max(1, retrySeconds) * 1.1 + 2)
        },
      ),
    )
  })
})

const standings = fc.record({
  policy: fc.oneof(fc.constantFrom('free', 'a"b', 'a\\b', 'x\r\ny', 'é'), fc.string({ maxLength: 20 })),
  limit: fc.integer({ min: 1, max: 999_999_999 }),
  window: fc.double({ min: 0.001, max: 2_678_400, noNaN: true }),
  remaining: fc.integer({ min: 0, max: 999_999_999 }),
  resetSeconds: fc.integer({ min: 1, max: 2_678_400 }),
  retrySeconds: fc.integer({ min: 0, max: 2_678_400 }),
  allowed: fc.boolean(),
})

function standing(changes: Partial<LimitStanding>): LimitStanding {
  return {
    policy: 'free',
    limit: 60,
    window: 60,
    remaining: 57,
    resetSeconds: 41,
    retrySeconds: 0,
    allowed: true,
    ...changes,
  }
}

function write(limits: readonly LimitStanding[], upstream: string[] = []): HeaderList {
  const exchange = openTestExchange()
  const headers = new HeaderList(upstream)
  exchange.answer = { status: 200, headers, body: { kind: 'none' }, source: 'upstream' }
  exchange.limits.push(...limits)
  writeLimitHeaders(exchange)
  return headers
}

/** Reads a List of Strings with Integer parameters (RFC 9651 section 4.2.1); throws on anything else. */
function readStructuredList(text: string): Record<string, number>[] {
  const item = /"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"((?:;[a-z]+=\d{1,15})+)(, |$)/y
  const items: Record<string, number>[] = []
  while (item.lastIndex < text.length) {
    const at = item.lastIndex
    const match = item.exec(text)
    assert.ok(match, `no item at ${at} of ${text}`)
    const pairs = (match[1] ?? '').slice(1).split(';')
    items.push(
      Object.fromEntries(pairs.map((pair) => pair.split('=')).map(([key, value]) => [key, Number(value)])),
    )
  }
  return items
}
