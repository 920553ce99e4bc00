import { z } from 'zod'
import { moment } from './common.ts'
import { defineOperation } from './operation.ts'

const countrySchema = z.strictObject({
  /** ISO 3166-1 alpha-2. */
  name: z.string(),
  requests: z.int(),
  refused: z.int(),
  /** Requests in which a rule of the WAF refused, or would have in shadow mode. */
  waf: z.int(),
  anomalies: z.int(),
})

const sourceSchema = z.strictObject({
  /** An address block such as `203.0.113.0/24`, or an autonomous system such as `AS64496`. */
  name: z.string(),
  country: z.string().optional(),
  refused: z.int(),
  waf: z.int(),
  /** Addresses that were seen in it. */
  addresses: z.int(),
  lastAt: moment(),
})

const ruleSchema = z.strictObject({
  id: z.int(),
  /** What the rule says it found. */
  message: z.string().optional(),
  matches: z.int(),
  refused: z.int(),
  /** Addresses in whose requests it matched. */
  addresses: z.int(),
  lastAt: moment(),
})

export const threatOperations = {
  getThreats: defineOperation({
    summary: 'Who is refused, from where, by which rules and when',
    access: 'viewer',
    query: z.strictObject({
      from: moment().optional().describe('A day ago by default; at most 400 days.'),
    }),
    answer: z.strictObject({
      from: moment(),
      to: moment(),
      /** Seconds of a step of `refusals`. */
      step: z.int(),
      /**
       * Down to when records were looked through for sources, rules and the WAF's count by country: all of the time
       * asked for, or as far as one search goes.
       */
      searchedDownTo: moment(),
      countries: z.array(countrySchema),
      blocks: z.array(sourceSchema),
      /** Empty where no database knows them (`geography.asn`). */
      systems: z.array(sourceSchema),
      rules: z.array(ruleSchema),
      refusals: z.array(
        z.strictObject({
          guard: z.string(),
          points: z.array(z.strictObject({ start: moment(), refused: z.int(), shadow: z.int() })),
        }),
      ),
    }),
  }),
} as const
