import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { ManualClock, type Clock } from '@gateward/kernel'
import type { LimitStanding } from '../exchange/limit-standing.ts'
import type { QuotaStore } from '../store/quota-store.ts'
import { openTestStore } from '../store/testing.ts'
import { createMemoryLimiter } from './limiter-memory.ts'
import { obeysTheLawsOfLimiters, type LimiterUnderTest } from './limiter.contract.ts'
import type { Limiter, LimitPolicy } from './limiter.ts'
import { toQuotaPolicy, toRatePolicy } from './rate.ts'

const sharedStore = await openTestStore()
after(() => sharedStore[Symbol.asyncDispose]())
let opened = 0

obeysTheLawsOfLimiters('memory', openUnderLaw)

/** One store for all laws; each has its own keys by a prefix, as opening a store costs more than all of them. */
async function openUnderLaw(clock: Clock): Promise<LimiterUnderTest> {
  const quotas = prefixed(sharedStore.store.quotas, `law ${opened++} `)
  let limiter = createMemoryLimiter({ quotas, clock })
  return {
    get limiter() {
      return limiter
    },
    async reopen() {
      await limiter[Symbol.asyncDispose]()
      limiter = createMemoryLimiter({ quotas, clock })
      return limiter
    },
    async [Symbol.asyncDispose]() {
      await limiter[Symbol.asyncDispose]()
    },
  }
}

describe('the limiter in memory', () => {
  const strict = toRatePolicy(
    { limit: 3, window: 60_000, period: undefined, burst: undefined },
    'strict',
    'strict',
  )
  const bucket = { ...strict, algorithm: 'token-bucket', family: 'bucket' } satisfies LimitPolicy
  const daily = toQuotaPolicy(
    { limit: 100, window: 86_400_000, period: 'day', burst: undefined },
    'daily',
    'daily',
  )

  for (const policy of [strict, bucket]) {
    it(`frees no spent key of a ${policy.algorithm} for a million others`, async () => {
      await using limiter = createMemoryLimiter({
        quotas: sharedStore.store.quotas,
        clock: new ManualClock(),
        maxKeys: 1_000,
      })
      assert.equal(take(limiter, 'victim', policy, 3).allowed, true)
      let allowed = 0
      for (let other = 0; other < 1_000_000; other++)
        if (take(limiter, `other ${other}`, policy, 1).allowed) allowed++
      assert.equal(take(limiter, 'victim', policy, 1).allowed, false)
      // 999 keys of their own, and 1024 shared rows of 3 units each.
      assert.ok(allowed <= 999 + 1_024 * 3, `${allowed} were allowed`)
    })
  }

  it('holds a key that came when all rows were taken to its limit, also after rows become free', async () => {
    const clock = new ManualClock()
    await using limiter = createMemoryLimiter({ quotas: sharedStore.store.quotas, clock, maxKeys: 2 })
    take(limiter, 'one', strict, 1)
    take(limiter, 'two', strict, 1)
    clock.advance(50_000)
    assert.equal(take(limiter, 'late', strict, 3).allowed, true)
    clock.advance(15_000)
    assert.equal(take(limiter, 'late', strict, 1).allowed, false)
    clock.advance(60_000)
    assert.equal(take(limiter, 'late', strict, 3).allowed, true)
  })

  it('gives idle rows to new keys', async () => {
    const clock = new ManualClock()
    await using limiter = createMemoryLimiter({ quotas: sharedStore.store.quotas, clock, maxKeys: 50 })
    for (let round = 0; round < 20; round++) {
      for (let key = 0; key < 50; key++)
        assert.equal(take(limiter, `${round} ${key}`, strict, 3).allowed, true)
      clock.advance(62_000)
    }
  })

  it('keeps what a tier has used when its rate changes', async () => {
    await using limiter = createMemoryLimiter({ quotas: sharedStore.store.quotas, clock: new ManualClock() })
    take(limiter, 'key', strict, 3)
    const raised = { ...strict, limit: 5, burst: 5 }
    assert.equal(take(limiter, 'key', raised, 1).remaining, 1)
    take(limiter, 'key', bucket, 3)
    const lowered = { ...bucket, limit: 1, burst: 1 }
    assert.equal(take(limiter, 'key', lowered, 1).allowed, false)
  })

  it('writes quotas behind and keeps what a failing store did not take', async () => {
    let failing = true
    const faults: string[] = []
    const { quotas } = sharedStore.store
    const flaky: QuotaStore = {
      read: (...asked) => quotas.read(...asked),
      deleteBefore: (...asked) => quotas.deleteBefore(...asked),
      addBatch: (usages) => {
        if (failing) throw new Error('the disk is full')
        return quotas.addBatch(usages)
      },
    }
    const clock = new ManualClock()
    const onFault = ({ message }: Error): void => {
      faults.push(message)
      failing = false
    }
    const limiter = createMemoryLimiter({ quotas: flaky, clock, writeDelay: 1, onFault })
    await limiter.take('flaky', daily, 7)
    const today = Date.UTC(2023, 10, 14)
    while (quotas.read('flaky', daily.family, today) !== 7)
      await new Promise((resolve) => setTimeout(resolve, 2))
    assert.deepEqual(faults, ['the disk is full'])
    await limiter[Symbol.asyncDispose]()
    assert.equal(quotas.read('flaky', daily.family, today), 7)
  })

  it('drops quota counts that the store has, and reads them again', async () => {
    await using limiter = createMemoryLimiter({
      quotas: sharedStore.store.quotas,
      clock: new ManualClock(),
      maxKeys: 4,
    })
    for (let round = 1; round <= 3; round++)
      for (let key = 0; key < 20; key++)
        assert.equal((await limiter.take(`dropped ${key}`, daily, 1)).remaining, 100 - round)
  })

  it('reads a count once for all who wait for it, and fails all of them where it cannot be read', async () => {
    let reads = 0
    const { promise, reject } = Promise.withResolvers<number>()
    const { quotas } = sharedStore.store
    await using limiter = createMemoryLimiter({
      clock: new ManualClock(),
      quotas: {
        addBatch: (usages) => quotas.addBatch(usages),
        deleteBefore: (start) => quotas.deleteBefore(start),
        read: () => (++reads === 1 ? promise : 5),
      },
    })
    const waiting = Array.from({ length: 10 }, async () => limiter.take('slow', daily, 1))
    reject(new Error('gone'))
    for (const outcome of await Promise.allSettled(waiting)) assert.equal(outcome.status, 'rejected')
    assert.equal(reads, 1)
    assert.equal((await limiter.take('slow', daily, 1)).remaining, 94)
  })
})

function take(limiter: Limiter, key: string, policy: LimitPolicy, cost: number): LimitStanding {
  const standing = limiter.take(key, policy, cost)
  assert.ok(!(standing instanceof Promise))
  return standing
}

function prefixed(store: QuotaStore, prefix: string): QuotaStore {
  return {
    read: (key, ...rest) => store.read(prefix + key, ...rest),
    addBatch: (usages) => store.addBatch(usages.map((usage) => ({ ...usage, key: prefix + usage.key }))),
    deleteBefore: () => undefined,
  }
}
