import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'

/** Settings of the discovery guard. */
export const discoverySettings = z.strictObject({
  ...commonSettings({ mode: 'off', onFault: 'pass' }),
  mode: z
    .enum(['off', 'shadow'])
    .default('off')
    .describe('off: not there; shadow: looks into samples and never refuses anything.'),
  samples: z
    .int()
    .min(1)
    .max(600)
    .default(30)
    .describe(
      'Requests and answers of one operation that are looked into a minute, for personal data that the contract does not declare; see `gateward fields discover`.',
    ),
})

export type DiscoverySettings = z.output<typeof discoverySettings>
