import { z } from 'zod'
import {
  algorithmSetting,
  concurrencySetting,
  nameSetting,
  oneOrMore,
  quotaSetting,
  rateSetting,
} from './rate-settings.ts'

/** What consumers of one tier may do. */
const tierSettings = z
  .strictObject({
    rate: oneOrMore(rateSetting)
      .optional()
      .describe(
        'Requests per time, such as 60/min, or a list; a burst makes it a token bucket: 10/s burst 20.',
      ),
    quota: oneOrMore(quotaSetting)
      .optional()
      .describe(
        'Requests per calendar day or month (UTC), such as 10000/day, or a list; survives a restart.',
      ),
    concurrency: concurrencySetting
      .optional()
      .describe('Most requests of one consumer that may be under way at once.'),
    algorithm: algorithmSetting.optional(),
  })
  .refine(({ rate, quota, concurrency }) => (rate ?? quota ?? concurrency) !== undefined, {
    error: 'a tier limits nothing; give it a rate, a quota or a concurrency',
  })
  .refine(
    ({ rate, algorithm }) =>
      algorithm !== 'sliding-window' || (rate ?? []).every(({ burst }) => burst === undefined),
    { error: 'a sliding window has no burst; leave the burst away or write algorithm: token-bucket' },
  )
  .refine(({ rate, quota }) => areApart(rate) && areApart(quota), {
    error: 'two rates or quotas have the same window; keep the one that is meant',
  })

/** The root setting `tiers`: tiers by name. The first is the default unless `guards.quota.defaultTier` names another. */
export const tiersSettings = z
  .record(nameSetting, tierSettings)
  .refine((tiers) => Object.keys(tiers).length > 0, {
    error: 'tiers is empty; leave it away for the default tier',
  })
  .prefault({ default: { rate: '600/min' } })
  .describe('What consumers may do, by tier. The first one is the default.')

/** Tiers as configuration gives them. */
export type TiersSettings = z.output<typeof tiersSettings>

function areApart(rates: readonly { readonly window: number }[] = []): boolean {
  return new Set(rates.map(({ window }) => window)).size === rates.length
}
