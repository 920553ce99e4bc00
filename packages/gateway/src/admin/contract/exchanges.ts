import { z } from 'zod'
import { moment, pageLimit } from './common.ts'
import { defineOperation } from './operation.ts'

/** One exchange as lists show it. */
const exchangeSchema = z.strictObject({
  id: z.string(),
  time: moment(),
  method: z.string(),
  path: z.string(),
  api: z.string(),
  operation: z.string(),
  status: z.int(),
  /** The problem's code, where it was refused or failed. */
  code: z.string().optional(),
  /** The guard that refused, or would have in shadow mode. */
  refusedBy: z.string().optional(),
  client: z.string(),
  /** ISO 3166-1 alpha-2, where the address is of a country that is known. */
  country: z.string().optional(),
  consumer: z.string().optional(),
  label: z.string().optional(),
  tier: z.string().optional(),
  credential: z.string().optional(),
  milliseconds: z.number(),
  upstreamMilliseconds: z.number().optional(),
  configuration: z.string(),
})

/** What one guard said, in one of the four phases. */
const verdictSchema = z.strictObject({
  phase: z.string(),
  verdict: z.enum(['pass', 'refuse', 'answer', 'fault']),
  mode: z.string(),
  note: z.string().optional(),
  code: z.string().optional(),
  microseconds: z.number(),
})

/** One cell of the row of guards. */
const cellSchema = z.strictObject({
  guard: z.string(),
  /** `refused` ended the request here; `shadow` would have; `never-asked` stands behind the end or had nothing to do. */
  state: z.enum(['passed', 'refused', 'answered', 'failed', 'shadow', 'never-asked']),
  verdicts: z.array(verdictSchema),
})

/** The whole decision about one exchange. */
const storySchema = z.strictObject({
  exchange: exchangeSchema,
  /** Why, in the words of the guard; for operators, never sent to the client. */
  reason: z.string().optional(),
  trace: z.string().optional(),
  protocol: z.string().optional(),
  bytes: z.int().optional(),
  /** Whether the answer went out whole. */
  whole: z.boolean().optional(),
  /** The names in the query; values are not recorded. */
  query: z.string().optional(),
  /** In the pipeline's order, from the gate to the upstream. */
  row: z.array(cellSchema),
  upstreamAsked: z.boolean(),
  /** The same story as `gateward explain` prints it. */
  text: z.string(),
})

const exchangeQuery = z.strictObject({
  search: z
    .string()
    .max(200)
    .optional()
    .describe(
      'A request id, part of a path, an address, consumer, what is shown of a key, operation or code.',
    ),
  api: z.string().max(100).optional(),
  operation: z.string().max(300).optional(),
  consumer: z.string().max(200).optional(),
  client: z.string().max(64).optional().describe('An address, or a network such as 203.0.113.0/24.'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional()
    .describe('ISO 3166-1 alpha-2.'),
  code: z.string().max(64).optional(),
  guard: z.string().max(64).optional().describe('A guard that refused, or would have in shadow mode.'),
  rule: z.int().min(1).optional().describe('The id of a rule of the WAF that matched.'),
  dataClass: z.string().max(100).optional().describe('A class of data of which its answer held values.'),
  status: z.int().min(100).max(599).optional(),
  outcome: z.enum(['passed', 'refused', 'failed', 'shadow']).optional(),
  since: moment().optional(),
  until: moment().optional(),
  limit: pageLimit(500, 100),
  cursor: z.string().max(64).optional().describe('`next` of the page before.'),
})

export const exchangeOperations = {
  listExchanges: defineOperation({
    summary: 'Recorded exchanges, the newest first',
    access: 'viewer',
    query: exchangeQuery,
    answer: z.strictObject({
      exchanges: z.array(exchangeSchema),
      /** Where to go on; absent: there is no more. A page may be short, or empty, and still have one. */
      next: z.string().optional(),
      /** The moment down to which this page looked. */
      searchedDownTo: moment().optional(),
    }),
  }),
  getExchange: defineOperation({
    summary: 'The whole story of one exchange',
    access: 'viewer',
    path: z.strictObject({ id: z.string().min(1).max(64) }),
    answer: storySchema,
  }),
} as const
