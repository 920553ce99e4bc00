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
} as const
