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

const proposalSchema = z.strictObject({
  operation: z.string(),
  method: z.string(),
  path: z.string(),
  /** As `guards.waf.exclusions` names it. */
  field: z.string(),
  rules: z.array(z.int()),
  /** What the rules say they found. */
  message: z.string(),
  /** Requests in which one of the rules matched there, and from how many clients they came. */
  requests: z.int(),
  clients: z.int(),
  /** Requests that would pass with this exclusion and those before it. */
  frees: z.int(),
  /** The line under `guards.waf.exclusions`. */
  exclusion: z.string(),
  /** What the rules still catch there of the built-in attack samples; absent: no sample has a way to such a place. */
  replay: z
    .strictObject({ caughtNow: z.int(), caughtThen: z.int(), lost: z.record(z.string(), z.int()) })
    .optional(),
})

export const wafOperations = {
  getWafTuning: defineOperation({
    summary: 'The exclusions that would free what the WAF refused without need, and what each would cost',
    access: 'viewer',
    query: z.strictObject({ since: moment().optional().describe('A week ago by default.') }),
    answer: z.strictObject({
      since: moment(),
      /** Down to when records were looked through. */
      searchedDownTo: moment(),
      /** Requests that the rules were asked about. */
      requests: z.int(),
      /** Those that would have been refused in shadow mode, and those that were. */
      wouldRefuse: z.int(),
      refused: z.int(),
      /** Refusals that look like attacks and are no reason for an exclusion. */
      attacks: z.int(),
      /** The first ten. */
      proposals: z.array(proposalSchema),
    }),
  }),
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
