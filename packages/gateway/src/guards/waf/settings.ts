import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'
import { resolvePath } from '../../settings/references.ts'
import { wafLogSettings } from './logs/settings.ts'
import { duration } from '../../settings/units.ts'

const rule = z.union([
  z.int().min(1).max(999_999_999).transform(String),
  z.string().regex(/^(?:\d{1,9}(?:-\d{1,9})?|tag:\S{1,200}|all)$/, {
    error: 'write a rule id, a range such as 942000-942999, tag:attack-sqli or all',
  }),
])

const exclusionSettings = z.strictObject({
  rules: z
    .union([rule, z.array(rule).min(1).max(200)])
    .transform((rules) => (Array.isArray(rules) ? rules : [rules]))
    .describe('Rule ids, ranges of them, `tag:attack-sqli` for all rules with a tag, or `all`.'),
  fields: z
    .array(z.string().min(1).max(500))
    .max(200)
    .default([])
    .describe(
      'What these rules do not look at: `query q`, `cookie theme`, `header user-agent`, `body name` of a form, ' +
        '`body /json/pointer` with `*` for any one name and `/**` for all below, `query ~^filter\\[` for a regular expression over ' +
        'names, or a target of the rule language such as `ARGS:/^json\\.\\d+\\.text$/`. Left out: the rules do not run at all.',
    ),
  reason: z.string().min(1).max(500).optional().describe('Why, for whoever reads it next.'),
})

const operationIds = z.array(z.string().min(1).max(200)).max(1_000).default([])

/** What an operation says of the WAF under `x-gateward: { waf }`. */
export const wafExtension = z
  .strictObject({
    exclusions: z
      .array(exclusionSettings)
      .max(200)
      .default([])
      .describe('Rules that look away here, besides those of the configuration.'),
  })
  .describe('What the web application firewall need not look at in this operation.')

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
  malformed: z
    .enum(['inspect', 'ignore'])
    .default('inspect')
    .describe(
      'Whether requests that are refused because they have no single reading are shown to the rules all the same, so that records and logs name the attack.',
    ),
  provenFields: z
    .enum(['skip', 'inspect'])
    .default('skip')
    .describe(
      'Whether rules that look for content in every field pass over values that the contract proves harmless: integers, numbers, booleans, uuids, dates, listed values, and patterns that no rule can match. Each value is held to its proof.',
    ),
  logs: wafLogSettings
    .prefault({})
    .describe('Files of the rules alone, beside the log and the records that every exchange has.'),
  exclusions: z
    .array(
      exclusionSettings.extend({
        operations: operationIds.describe('Ids of the operations where it holds; left out: everywhere.'),
      }),
    )
    .max(1_000)
    .default([])
    .describe('Rules that look away from some fields, or do not run, in some operations or everywhere.'),
})

export type WafGuardSettings = z.output<typeof wafSettings>

/** One exclusion, of the configuration or of a contract. */
export type WafExclusion = z.output<typeof exclusionSettings>
