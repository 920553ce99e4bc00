import { z } from 'zod'
import {
  algorithmSetting,
  concurrencySetting,
  nameSetting,
  oneOrMore,
  quotaSetting,
  rateSetting,
} from '../../limiter/rate-settings.ts'
import { commonSettings } from '../common-settings.ts'

const ruleSettings = z
  .strictObject({
    name: nameSetting.describe('Shown to clients in RateLimit-Policy and in logs.'),
    by: z
      .array(z.enum(['consumer', 'key', 'tier', 'operation', 'api', 'address']))
      .min(1)
      .max(6)
      .describe('Whom the rule counts: each combination apart. Anonymous callers count by their address.'),
    rate: rateSetting.optional().describe('Units per time, such as 5/min or 10/s burst 20.'),
    quota: oneOrMore(quotaSetting)
      .optional()
      .describe('Units per calendar day or month (UTC), such as 10000/day; survives a restart.'),
    algorithm: algorithmSetting.optional(),
    concurrency: concurrencySetting.optional().describe('Most requests under way at once.'),
  })
  .refine(({ rate, quota, concurrency }) => (rate ?? quota ?? concurrency) !== undefined, {
    error: 'the rule limits nothing; give it a rate, a quota or a concurrency',
  })
  .refine(({ rate, algorithm }) => algorithm !== 'sliding-window' || rate?.burst === undefined, {
    error: 'a sliding window has no burst; leave the burst away or write algorithm: token-bucket',
  })

/** The units that one request of an operation costs. */
export const costSetting = z.int().min(0).max(1_000_000)

/** Settings of the quota guard: limits on callers who are known. */
export const quotaSettings = z.strictObject({
  ...commonSettings({ mode: 'enforce', onFault: 'refuse' }),
  defaultTier: nameSetting
    .optional()
    .describe(
      'The tier of consumers that have none, and of anonymous callers; the first of `tiers` by default.',
    ),
  cost: costSetting
    .default(1)
    .describe(
      'Units that a request costs; an operation says its own with `x-gateward: { cost: 5 }`. 0: not counted.',
    ),
  rules: z
    .array(ruleSettings)
    .max(32)
    .default([])
    .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, {
      error: 'two rules have the same name',
    })
    .describe('Further limits, counted after those of the tier.'),
})

/** What the quota guard is compiled from. */
export type QuotaSettings = z.output<typeof quotaSettings>
