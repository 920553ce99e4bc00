import { z } from 'zod'
import { byId, moment, pageLimit } from './common.ts'
import { defineOperation } from './operation.ts'

const alertSchema = z.strictObject({
  id: z.string(),
  rule: z.string(),
  /** What it is about: an API, an upstream, a consumer. */
  subject: z.string(),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  state: z.enum(['firing', 'resolved']),
  openedAt: moment(),
  /** When it was last seen to be true. */
  lastAt: moment(),
  resolvedAt: moment().optional(),
  escalatedAt: moment().optional(),
  count: z.int(),
  summary: z.string(),
  details: z.array(z.string()),
  /** Whether a silence kept it from people. */
  silenced: z.boolean(),
  /** Who looks after it: nobody is told of it again before it is over. */
  acknowledgement: z.strictObject({ by: z.string(), at: moment(), note: z.string() }).optional(),
})

const silenceSchema = z.strictObject({
  id: z.string(),
  /** `*`: all. */
  rule: z.string(),
  /** `*`: any. */
  subject: z.string(),
  createdAt: moment(),
  until: moment(),
  reason: z.string(),
})

const silenceOrder = z.strictObject({
  rule: z.string().min(1).max(100).describe('A rule, or `*` for all.'),
  subject: z.string().min(1).max(300).describe('What it is about, or `*` for anything.'),
  hours: z.int().min(1).max(720),
  reason: z.string().min(1).max(500).describe('Why, for whoever finds it.'),
})

export const alertOperations = {
  listAlerts: defineOperation({
    summary: 'Alerts, the newest first, and the silences that hold',
    access: 'viewer',
    query: z.strictObject({ state: alertSchema.shape.state.optional(), limit: pageLimit(1_000, 100) }),
    answer: z.strictObject({ alerts: z.array(alertSchema), silences: z.array(silenceSchema) }),
  }),
  acknowledgeAlert: defineOperation({
    summary: 'Look after a firing alert: it is neither escalated nor told again before it is over',
    access: 'operator',
    path: byId,
    body: z.strictObject({
      note: z.string().max(500).optional().describe('What is known or done, for others.'),
    }),
    answer: alertSchema,
    changes: { ifMatch: false },
  }),
  silenceAlerts: defineOperation({
    summary: 'Keep alerts from people for a while; they are recorded all the same',
    access: 'operator',
    body: silenceOrder,
    answer: silenceSchema,
    status: 201,
    changes: { ifMatch: false },
  }),
  liftSilence: defineOperation({
    summary: 'End a silence',
    access: 'operator',
    path: byId,
    changes: { ifMatch: false },
  }),
} as const
