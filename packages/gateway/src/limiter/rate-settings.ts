import { z } from 'zod'
import { parseRate, type Rate } from './rate.ts'

const rateForm = 'write a rate as 60/min, 10/s, 100/15min, 1000/hour or 10/s burst 20'
const quotaForm = 'write a quota as 10000/day or 300000/month'

/** A setting such as `60/min` or `10/s burst 20`. */
export const rateSetting = z.string().transform((text, context): Rate => {
  const rate = parseRate(text)
  if (rate !== undefined && rate.period !== 'month') return rate
  context.addIssue({ code: 'custom', message: rateForm })
  return z.NEVER
})

/** A setting such as `10000/day` or `300000/month`: a quota by the calendar (UTC) that survives a restart. */
export const quotaSetting = z.string().transform((text, context) => {
  const rate = parseRate(text)
  const period = rate?.period
  if (rate !== undefined && period !== undefined && rate.burst === undefined) return { ...rate, period }
  context.addIssue({ code: 'custom', message: quotaForm })
  return z.NEVER
})

/** How a rate is counted; without it, a rate with a burst is a token bucket, and any other a sliding window. */
export const algorithmSetting = z
  .enum(['sliding-window', 'token-bucket'])
  .describe(
    'sliding-window: never more than the limit in any window. token-bucket: refills steadily and allows a burst.',
  )

/** One setting or a list of them, as a list. */
export function oneOrMore<Setting extends z.ZodType>(setting: Setting) {
  return z
    .union([setting, z.array(setting).min(1).max(8)])
    .transform((value): readonly z.output<Setting>[] => (Array.isArray(value) ? value : [value]))
}

/** Most requests of one caller that may be under way at once. */
export const concurrencySetting = z.int().min(1).max(1_000_000)

/** A name of bounded variety that can stand in a structured field (RFC 9651) as it is. */
export const nameSetting = z.string().regex(/^[A-Za-z][A-Za-z0-9._-]{0,63}$/, {
  error: 'a name is 1 to 64 letters, digits, dots, dashes or underscores and begins with a letter',
})
