import { z } from 'zod'
import { byId, moment, pageLimit, reason } from './common.ts'
import { defineOperation } from './operation.ts'

const keySchema = z.strictObject({
  id: z.string(),
  /** What may be seen of the key, such as `gw_test_7Hk2…`. */
  display: z.string(),
  environment: z.string(),
  consumer: z.string(),
  label: z.string(),
  tier: z.string().optional(),
  scopes: z.array(z.string()),
  roles: z.array(z.string()),
  attributes: z.record(z.string(), z.unknown()),
  /** `expired`: active, and its time is over. */
  state: z.enum(['active', 'disabled', 'revoked', 'expired']),
  createdAt: moment(),
  expiresAt: moment(),
  changedAt: moment(),
  /** The key that took its place. */
  successor: z.string().optional(),
})

const newKey = z.strictObject({ key: z.string().describe('Shown this once.'), record: keySchema })

const days = z.int().min(1).max(366).describe('Days that the key lives.')

const keyOrder = z.strictObject({
  consumer: z.string().min(1).max(128),
  label: z.string().min(1).max(200).optional(),
  tier: z.string().min(1).max(64).optional(),
  scopes: z.array(z.string().min(1).max(128)).max(100).optional(),
  roles: z.array(z.string().min(1).max(128)).max(100).optional(),
  attributes: z.record(z.string().max(64), z.string().max(256)).optional(),
  days,
  reason: reason(),
})

const consumerSchema = z.strictObject({
  consumer: z.string(),
  label: z.string(),
  keys: z.int(),
  activeKeys: z.int(),
  tiers: z.array(z.string()),
  /** When the first of its active keys ends. */
  nextExpiry: moment().optional(),
})

const keyChange = (summary: string, access: 'operator' | 'security') =>
  defineOperation({
    summary,
    access,
    path: byId,
    body: z.strictObject({ reason: reason() }),
    answer: keySchema,
    changes: { ifMatch: false },
  })

export const keyOperations = {
  listConsumers: defineOperation({
    summary: 'Who has keys, and until when',
    access: 'viewer',
    query: z.strictObject({ search: z.string().max(128).optional() }),
    answer: z.strictObject({ consumers: z.array(consumerSchema) }),
  }),
  listKeys: defineOperation({
    summary: 'API keys, the newest first; never the keys themselves',
    access: 'viewer',
    query: z.strictObject({
      consumer: z.string().max(128).optional(),
      state: keySchema.shape.state.optional(),
      search: z
        .string()
        .max(128)
        .optional()
        .describe('Part of the id, what is shown of the key, consumer or label.'),
      limit: pageLimit(1_000, 200),
    }),
    answer: z.strictObject({ keys: z.array(keySchema), total: z.int() }),
  }),
  getKey: defineOperation({ summary: 'One API key', access: 'viewer', path: byId, answer: keySchema }),
  createKey: defineOperation({
    summary: 'Make an API key; it is shown this once',
    access: 'security',
    body: keyOrder,
    answer: newKey,
    status: 201,
    changes: { ifMatch: false },
  }),
  rotateKey: defineOperation({
    summary: 'Make a key that takes the place of another, which goes on for a while',
    access: 'security',
    path: byId,
    body: z.strictObject({
      days,
      overlapHours: z
        .int()
        .min(0)
        .max(24 * 90)
        .describe('Hours that the old key still works.'),
      reason: reason(),
    }),
    answer: newKey,
    status: 201,
    changes: { ifMatch: false },
  }),
  revokeKey: keyChange('End a key for ever', 'operator'),
  disableKey: keyChange('Stop a key until it is enabled again', 'operator'),
  enableKey: keyChange('Let a disabled key work again', 'security'),
} as const
