import { z } from 'zod'
import {
  algorithmSetting,
  concurrencySetting,
  nameSetting,
  rateSetting,
} from '../../limiter/rate-settings.ts'
import { commonSettings } from '../common-settings.ts'

const dimensionSetting = z.union(
  [
    z.enum(['address', 'host', 'operation', 'api']),
    z.templateLiteral(['header:', z.string().regex(/^[A-Za-z0-9-]{1,64}$/)]),
  ],
  { error: 'before authentication a limit counts by address, host, operation, api or header:<name>' },
)

const ruleSettings = z
  .strictObject({
    name: nameSetting.describe('Shown to clients in RateLimit-Policy and in logs.'),
    by: z
      .array(dimensionSetting)
      .min(1)
      .max(4)
      .describe(
        'Whom the rule counts: each combination of address, host, operation, api and header:<name> apart. Callers choose their header values, so a rule by header alone holds only the honest; the limit by address holds all.',
      ),
    rate: rateSetting.optional().describe('Requests per time, such as 5/min or 10/s burst 20.'),
    algorithm: algorithmSetting.optional(),
    concurrency: concurrencySetting.optional().describe('Most requests under way at once.'),
  })
  .refine(({ rate, concurrency }) => rate !== undefined || concurrency !== undefined, {
    error: 'the rule limits nothing; give it a rate or a concurrency',
  })
  .refine(({ rate, algorithm }) => algorithm !== 'sliding-window' || rate?.burst === undefined, {
    error: 'a sliding window has no burst; leave the burst away or write algorithm: token-bucket',
  })

/** Settings of the flood guard: limits on callers of whom only the address is known. */
export const floodSettings = z.strictObject({
  ...commonSettings({ mode: 'enforce', onFault: 'refuse' }),
  rate: rateSetting
    .prefault('6000/min burst 1000')
    .describe('Requests of one address (IPv6: one /64) over all operations.'),
  algorithm: algorithmSetting.optional().describe('How the rate by address is counted.'),
  concurrency: concurrencySetting
    .default(256)
    .describe('Most requests of one address that may be under way at once.'),
  totalConcurrency: concurrencySetting
    .default(10_000)
    .describe('Most requests of all callers that may be under way at once; beyond, the answer is 503.'),
  authenticationFailures: z
    .union([z.literal('off'), rateSetting])
    .prefault('30/min')
    .describe(
      'Answers with status 401 that one address may get; beyond, its requests are refused until the count has fallen.',
    ),
  rules: z
    .array(ruleSettings)
    .max(32)
    .default([])
    .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, {
      error: 'two rules have the same name',
    })
    .describe('Further limits, counted after the one by address.'),
  advertise: z
    .boolean()
    .default(false)
    .describe(
      'Whether answers that pass tell these limits as well; refusals always tell the one that refused.',
    ),
})

/** What the flood guard is compiled from. */
export type FloodSettings = z.output<typeof floodSettings>
