import { z } from 'zod'
import { moment } from './common.ts'
import { defineOperation } from './operation.ts'

const ruleSchema = z.strictObject({
  id: z.int(),
  phase: z.int(),
  /** 0 emergency to 7 debug; absent: the rule names none. */
  severity: z.int().optional(),
  tags: z.array(z.string()),
  /** Where it is written. */
  file: z.string(),
  line: z.int(),
  /** Exchanges in the time asked for in which it matched. */
  matches: z.int(),
  /** Of these, refused. */
  refused: z.int(),
  lastAt: moment().optional(),
})

export const wafOperations = {
  listWafRules: defineOperation({
    summary: "The WAF's rules, with what each matched among the recorded exchanges",
    access: 'viewer',
    query: z.strictObject({ since: moment().optional().describe('A day ago by default.') }),
    answer: z.strictObject({
      mode: z.enum(['off', 'shadow', 'enforce']),
      since: moment(),
      rules: z.array(ruleSchema),
    }),
  }),
} as const
