import { z } from 'zod'
import { moment, pageLimit } from './common.ts'
import { defineOperation } from './operation.ts'

const auditEntrySchema = z.strictObject({
  number: z.int(),
  at: moment(),
  actor: z.strictObject({
    name: z.string(),
    kind: z.enum(['account', 'token', 'cli', 'gateway']),
    id: z.string().optional(),
    role: z.string().optional(),
    address: z.string().optional(),
  }),
  /** `noun.verb`, such as `key.revoke`. */
  action: z.string(),
  target: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  reason: z.string().optional(),
  outcome: z.enum(['done', 'refused', 'failed']),
  requestId: z.string().optional(),
  hash: z.string(),
})

const findingSchema = z.strictObject({ number: z.int(), kind: z.string(), message: z.string() })

const countSchema = z.strictObject({ name: z.string(), count: z.int() })

const reviewSchema = z.strictObject({
  from: moment(),
  to: moment(),
  integrity: z.strictObject({ rows: z.int(), findings: z.array(z.string()) }),
  lastReview: z.strictObject({ at: moment(), by: z.string() }).optional(),
  changes: z.array(
    z.strictObject({
      action: z.string(),
      actor: z.string(),
      times: z.int(),
      targets: z.array(z.string()),
      refused: z.int(),
    }),
  ),
  exceptions: z.array(z.strictObject({ subject: z.string(), message: z.string() })),
  endings: z.array(
    z.strictObject({ subject: z.string(), endsAt: moment(), daysLeft: z.int(), message: z.string() }),
  ),
  refusals: z.array(countSchema),
  refusedOperations: z.array(countSchema),
  idleAccounts: z.array(z.string()),
})

export const auditOperations = {
  listAudit: defineOperation({
    summary: 'What was done to the gateway, the newest first',
    access: 'viewer',
    query: z.strictObject({
      actor: z.string().max(200).optional(),
      action: z
        .string()
        .max(100)
        .optional()
        .describe('An action, or with a dot at its end all of a kind: `key.`'),
      target: z.string().max(200).optional(),
      since: moment().optional(),
      until: moment().optional(),
      before: z
        .int()
        .min(1)
        .optional()
        .describe('Only rows with a smaller number: `next` of the page before.'),
      limit: pageLimit(500, 100),
    }),
    answer: z.strictObject({ entries: z.array(auditEntrySchema), next: z.int().optional() }),
  }),
  verifyAudit: defineOperation({
    summary: 'Whether any row of the audit log was changed, removed or reordered',
    access: 'viewer',
    answer: z.strictObject({
      rows: z.int(),
      seals: z.int(),
      sealedUpTo: z.int(),
      head: z.string(),
      findings: z.array(findingSchema),
    }),
  }),
  getReview: defineOperation({
    summary: 'Changes, exceptions, what ends soon and what was refused, for somebody to read and sign',
    access: 'security',
    query: z.strictObject({
      days: z.int().min(1).max(366).optional().describe('How far back, and ahead; 30 by default.'),
    }),
    answer: z.strictObject({
      /** SHA-256 of the review: what is signed. */
      hash: z.string(),
      review: reviewSchema,
    }),
  }),
  signOffReview: defineOperation({
    summary: 'Write down that you have read a review',
    access: 'security',
    body: z.strictObject({
      hash: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .describe('Of the review that was read, as it came.'),
      note: z.string().max(500).optional().describe('What you have to say.'),
    }),
    answer: z.strictObject({ from: moment(), to: moment(), review: z.string() }),
    changes: { ifMatch: false },
  }),
} as const
