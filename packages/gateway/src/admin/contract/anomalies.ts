import { z } from 'zod'
import { byId, moment, pageLimit } from './common.ts'
import { defineOperation } from './operation.ts'

const anomalySchema = z.strictObject({
  id: z.string(),
  time: moment(),
  /** What was measured, such as `authentication-failures`. */
  measure: z.string(),
  /** Whose traffic: `consumer`, and its name. */
  dimension: z.string(),
  subject: z.string(),
  api: z.string(),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  observed: z.number(),
  /** What would have been usual. */
  expected: z.number(),
  /** With numbers, for people. */
  explanation: z.string(),
})

const expectationSchema = z.strictObject({
  id: z.string(),
  measure: z.string(),
  dimension: z.string(),
  subject: z.string(),
  api: z.string(),
  /** How far it went when it was marked. */
  observed: z.number(),
  reason: z.string(),
  createdAt: moment(),
  until: moment(),
})

export const anomalyOperations = {
  listAnomalies: defineOperation({
    summary: 'Traffic that was not as it was before, the newest first, and what people said is expected',
    access: 'viewer',
    query: z.strictObject({ api: z.string().max(100).optional(), limit: pageLimit(1_000, 100) }),
    answer: z.strictObject({ anomalies: z.array(anomalySchema), expectations: z.array(expectationSchema) }),
  }),
  expectAnomaly: defineOperation({
    summary: 'Say that an anomaly is as it should be: it is told again only where it goes half as far again',
    access: 'operator',
    path: byId,
    body: z.strictObject({
      days: z.int().min(1).max(366),
      reason: z.string().min(1).max(500).describe('Why, for whoever finds it.'),
    }),
    answer: expectationSchema,
    changes: { ifMatch: false },
  }),
  forgetExpectation: defineOperation({
    summary: 'Take back what was said to be expected: it is told again',
    access: 'operator',
    path: byId,
    changes: { ifMatch: false },
  }),
} as const
