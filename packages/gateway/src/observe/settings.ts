import { z } from 'zod'
import { resolvePath } from '../settings/references.ts'
import { size } from '../settings/units.ts'

/** The root section `observe`: where the log goes, and how much is kept for `gateward explain`. */
export const observeSettings = z.strictObject({
  log: z
    .string()
    .regex(/^(?:stdout|stderr|none|file:.+)$/, { error: 'write stdout, stderr, none or file:<path>' })
    .default('stdout')
    .transform((target) => (target.startsWith('file:') ? `file:${resolvePath(target.slice(5))}` : target))
    .describe('Where the log goes, one JSON object a line: stdout, stderr, none or file:<path>.'),
  level: z
    .enum(['error', 'warn', 'info'])
    .default('info')
    .describe('error: only faults; warn: also refused requests; info: also every exchange.'),
  records: z
    .strictObject({
      maxSize: size('256MB').describe(
        'Most disk space for the records that `gateward explain` reads; the oldest go first.',
      ),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      maxSeries: z
        .int()
        .min(100)
        .max(1_000_000)
        .default(10_000)
        .describe('Most series of one metric; what comes later is counted under the label value "(other)".'),
    })
    .prefault({}),
})

export type ObserveSettings = z.infer<typeof observeSettings>
