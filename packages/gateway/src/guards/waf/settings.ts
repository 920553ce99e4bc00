import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'
import { resolvePath } from '../../settings/references.ts'
import { duration } from '../../settings/units.ts'

/** Settings of the WAF guard. */
export const wafSettings = z.strictObject({
  ...commonSettings({ mode: 'enforce', onFault: 'refuse' }),
  rules: z
    .array(z.string().min(1))
    .min(1)
    .max(100)
    .prefault(['core'])
    .transform((rules) => rules.map((rule) => (rule === 'core' ? rule : resolvePath(rule))))
    .describe(
      'Rule files in SecLang, in the order in which they are read, with `core` for the built-in set; the OWASP Core Rule Set as it is, say /usr/share/modsecurity-crs/owasp-crs.load.',
    ),
  budget: duration('200ms')
    .refine((milliseconds) => milliseconds >= 1 && milliseconds <= 10_000, {
      error: 'a budget is between 1ms and 10s',
    })
    .describe('The time that the rules may take for one request; what takes longer is refused.'),
})

export type WafGuardSettings = z.output<typeof wafSettings>
