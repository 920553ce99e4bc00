import { z } from 'zod'
import { duration } from '../settings/units.ts'

/** The root section `anomalies`: traffic that is not as it was. */
export const anomalySettings = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether traffic is compared with what it was.'),
  sensitivity: z
    .enum(['low', 'normal', 'high'])
    .default('normal')
    .describe('How far from the usual something must be: low tells half as often, high twice.'),
  cooldown: duration('1h').describe('How long the same anomaly of the same caller is not told again.'),
  learn: duration('24h').describe(
    'How long an API is only learned; until then only what would be wrong for any API is told.',
  ),
  subjects: z
    .int()
    .min(100)
    .max(1_000_000)
    .default(20_000)
    .describe(
      'Most callers, keys, networks and operations that are told apart; the least recent are forgotten.',
    ),
  remember: duration('90d').describe('How long it is remembered that something was marked as expected.'),
})

export type AnomalySettings = z.output<typeof anomalySettings>
