import { z } from 'zod'
import { byId, moment, reason, roleSchema } from './common.ts'
import { defineOperation } from './operation.ts'

const accountSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  enabled: z.boolean(),
  /** How it can log in. */
  password: z.boolean(),
  passkeys: z.int(),
  oidc: z.boolean(),
  createdAt: moment(),
  changedAt: moment(),
})

const tokenSchema = z.strictObject({
  id: z.string(),
  display: z.string(),
  label: z.string(),
  account: z.string(),
  role: roleSchema,
  createdAt: moment(),
  expiresAt: moment(),
})

const tokenOrder = z.strictObject({
  label: z.string().min(1).max(100),
  role: roleSchema,
  days: z.int().min(1).max(366).describe('Days that it lives.'),
  reason: reason(),
})

export const accountOperations = {
  listAccounts: defineOperation({
    summary: 'Everybody who may log in here',
    access: 'admin',
    answer: z.strictObject({ accounts: z.array(accountSchema) }),
  }),
  getAccount: defineOperation({
    summary: 'One account, with the ETag that a change needs',
    access: 'admin',
    path: byId,
    answer: accountSchema,
  }),
  updateAccount: defineOperation({
    summary: 'Give an account another role, disable it or enable it again; its sessions end',
    access: 'admin',
    path: byId,
    body: z.strictObject({
      role: roleSchema.optional(),
      enabled: z.boolean().optional(),
      reason: reason(),
    }),
    answer: accountSchema,
    changes: { ifMatch: true },
  }),
  removeAccount: defineOperation({
    summary: 'Remove an account with its passkeys, sessions and tokens',
    access: 'admin',
    path: byId,
    query: z.strictObject({ reason: reason() }),
    changes: { ifMatch: true },
  }),
  createInvitation: defineOperation({
    summary: 'Make a one-time link with which somebody makes an account',
    access: 'admin',
    body: z.strictObject({ role: roleSchema, reason: reason() }),
    answer: z.strictObject({ path: z.string(), role: roleSchema, expiresAt: moment() }),
    status: 201,
    changes: { ifMatch: false },
  }),
  listTokens: defineOperation({
    summary: 'The tokens that programs call this API with',
    access: 'admin',
    answer: z.strictObject({ tokens: z.array(tokenSchema) }),
  }),
  createToken: defineOperation({
    summary: 'Make a token for a program; it is shown this once',
    access: 'admin',
    body: tokenOrder,
    answer: z.strictObject({ token: z.string(), record: tokenSchema }),
    status: 201,
    changes: { ifMatch: false },
  }),
  removeToken: defineOperation({
    summary: 'End a token',
    access: 'admin',
    path: byId,
    query: z.strictObject({ reason: reason() }),
    changes: { ifMatch: false },
  }),
} as const
