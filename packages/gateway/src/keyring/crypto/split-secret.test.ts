import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { combineShares, splitSecret } from './split-secret.ts'

describe('a split secret', () => {
  it('comes back from any shares that are enough, in any order', async () => {
    const terms = fc
      .tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 2, max: 9 }))
      .map(([a, b]) => ({ shares: Math.max(a, b), threshold: Math.min(a, b) }))
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        terms,
        fc.nat(),
        async (secret, terms, seed) => {
          const shares = await splitSecret(secret, terms)
          assert.equal(shares.length, terms.shares)
          const start = seed % terms.shares
          const some = [...shares.slice(start), ...shares.slice(0, start)]
            .slice(0, terms.threshold)
            .toReversed()
          assert.deepEqual([...(await combineShares(some))], [...secret])
        },
      ),
      { numRuns: 50 },
    )
  })

  it('does not come back from one share fewer', async () => {
    const secret = Buffer.from('0123456789abcdef0123456789abcdef')
    const shares = await splitSecret(secret, { shares: 5, threshold: 3 })
    assert.notDeepEqual(await combineShares(shares.slice(0, 2)), secret)
  })
})
