import { z } from 'zod'
import { moment, pageLimit } from './common.ts'
import { defineOperation } from './operation.ts'

const counts = {
  requests: z.int(),
  /** Refused by the gateway. */
  refused: z.int(),
  status2xx: z.int(),
  status3xx: z.int(),
  status4xx: z.int(),
  status5xx: z.int(),
  bytesIn: z.number(),
  bytesOut: z.number(),
}

/** Milliseconds below which half, 95 % and 99 % of the exchanges were done. */
const quantiles = {
  p50: z.number().optional(),
  p95: z.number().optional(),
  p99: z.number().optional(),
}

const pointSchema = z.strictObject({ start: moment(), ...counts, ...quantiles })

const namedSchema = z.strictObject({
  /** `(other)` holds the small ones; an operation's is `<api> <operation>`. */
  name: z.string(),
  ...counts,
  ...quantiles,
})

const refusalsSchema = z.strictObject({
  guard: z.string(),
  /** Only steps in which something was refused, or would have been. */
  points: z.array(z.strictObject({ start: moment(), refused: z.int(), shadow: z.int() })),
})

const range = {
  from: moment().optional().describe('An hour ago by default.'),
  to: moment().optional().describe('Now by default.'),
}

const step = z
  .int()
  .min(1)
  .max(86_400)
  .optional()
  .describe('Seconds of one point; by default so that there are about 120. At most 2000 points.')

const subject = { api: z.string().max(100).optional(), operation: z.string().max(300).optional() }

const frame = { from: moment(), to: moment(), step: z.int() }

const useSchema = z.strictObject({
  policy: z.string(),
  /** Whom it counts: a consumer, an address. */
  key: z.string(),
  limit: z.int(),
  remaining: z.int(),
  /** From 0 to 1. */
  used: z.number(),
})

const tierSchema = z.strictObject({
  name: z.string(),
  policies: z.array(
    z.strictObject({ name: z.string(), limit: z.int(), windowSeconds: z.number(), kind: z.string() }),
  ),
  concurrency: z.int().optional(),
})

export const trafficOperations = {
  getOverview: defineOperation({
    summary: 'What traffic is like: over time, by guard, and who has most of it',
    access: 'viewer',
    query: z.strictObject({ ...range, step }),
    answer: z.strictObject({
      ...frame,
      totals: z.strictObject({ ...counts, ...quantiles }),
      traffic: z.array(pointSchema),
      refusals: z.array(refusalsSchema),
      apis: z.array(namedSchema),
      operations: z.array(namedSchema),
      consumers: z.array(namedSchema),
      addresses: z.array(namedSchema),
      countries: z.array(namedSchema),
    }),
  }),
  getTraffic: defineOperation({
    summary: 'Traffic over time, of everything, of one API or of one operation',
    access: 'viewer',
    query: z.strictObject({ ...range, step, ...subject }),
    answer: z.strictObject({ ...frame, points: z.array(pointSchema) }),
  }),
  getTop: defineOperation({
    summary: 'The names that have most of the traffic',
    access: 'viewer',
    query: z.strictObject({
      ...range,
      dimension: z.enum(['api', 'operation', 'guard', 'consumer', 'country', 'address']),
      limit: pageLimit(1_000, 20),
    }),
    answer: z.strictObject({ names: z.array(namedSchema) }),
  }),
  getLimits: defineOperation({
    summary: 'The tiers with their limits, and who has used most of one',
    access: 'viewer',
    query: z.strictObject({ limit: pageLimit(1_000, 100) }),
    answer: z.strictObject({ tiers: z.array(tierSchema), uses: z.array(useSchema) }),
  }),
  followEvents: defineOperation({
    summary:
      'What happens, as server-sent events: `traffic` every second, and `change` for everything but requests',
    access: 'viewer',
    stream: true,
  }),
} as const
