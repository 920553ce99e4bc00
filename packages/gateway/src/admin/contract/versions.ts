import { z } from 'zod'
import { moment } from './common.ts'
import { defineOperation } from './operation.ts'

const stage = z.enum(['announced', 'deprecated', 'brownouts', 'read-only', 'retired'])

const planSchema = z.strictObject({
  reason: z.string(),
  insecure: z.boolean(),
  finding: z.string().optional(),
  successor: z.string().optional(),
  links: z.array(z.strictObject({ relation: z.string(), target: z.string() })),
  /** When each begins in truth. */
  stages: z.array(z.strictObject({ stage, at: moment(), begun: z.boolean() })),
  /** How often it pauses, all in all. */
  pauses: z.int(),
  exceptions: z.array(
    z.strictObject({
      consumer: z.string(),
      reason: z.string(),
      owner: z.string(),
      endsAt: moment(),
      ended: z.boolean(),
    }),
  ),
})

const versionSchema = z.strictObject({
  /** The name under which it is served and counted: `shop@v1`. */
  api: z.string(),
  family: z.string(),
  version: z.string(),
  basePath: z.string(),
  title: z.string().optional(),
  operations: z.int(),
  deprecatedOperations: z.int(),
  /** `current`: it has no plan. */
  stage: z.enum([...stage.options, 'current']),
  since: moment().optional(),
  isPaused: z.boolean(),
  /** The pause that goes on, or the next one. */
  pause: z.strictObject({ from: moment(), to: moment() }).optional(),
  next: z.strictObject({ stage, at: moment() }).optional(),
  plan: planSchema.optional(),
  callers: z.strictObject({
    consumers: z.int(),
    /** Within the last week. */
    active: z.int(),
    /** Of the others those that call the successor. */
    moved: z.int(),
    requests: z.int(),
    refused: z.int(),
    lastSeen: moment().optional(),
  }),
  /** Why it needs somebody. */
  concern: z.string().optional(),
})

const callerSchema = z.strictObject({
  consumer: z.string(),
  requests: z.int(),
  refused: z.int(),
  firstSeen: moment(),
  lastSeen: moment(),
  active: z.boolean(),
  successorSeen: moment().optional(),
  exceptionEnds: moment().optional(),
})

export const versionOperations = {
  listVersions: defineOperation({
    summary: 'The versions of APIs: how each stands, what comes next, and who still calls it',
    access: 'viewer',
    answer: z.strictObject({ versions: z.array(versionSchema) }),
  }),
  listCallers: defineOperation({
    summary: 'The consumers of a version, the one that called last first',
    access: 'viewer',
    path: z.strictObject({ api: z.string().min(1).max(100) }),
    answer: z.strictObject({ callers: z.array(callerSchema) }),
  }),
} as const
