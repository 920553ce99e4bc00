import { z } from 'zod'
import { ceremony, ceremonyAnswer } from './ceremony.ts'
import { moment } from './common.ts'
import { defineOperation } from './operation.ts'
import { sessionSchema } from './session.ts'

const passkeySchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  createdAt: moment(),
  usedAt: moment().optional(),
})

export const passkeyOperations = {
  beginPasskeyLogin: defineOperation({
    summary: 'Begin to log in with a passkey',
    access: 'public',
    answer: ceremony,
  }),
  logInWithPasskey: defineOperation({
    summary: 'Log in with a passkey',
    access: 'public',
    body: ceremonyAnswer,
    answer: sessionSchema,
    status: 201,
  }),
  listPasskeys: defineOperation({
    summary: 'The passkeys of the own account',
    access: 'session',
    answer: z.strictObject({ passkeys: z.array(passkeySchema) }),
  }),
  beginPasskey: defineOperation({
    summary: 'Begin to add a passkey to the own account',
    access: 'session',
    answer: ceremony,
  }),
  addPasskey: defineOperation({
    summary: 'Add a passkey to the own account',
    access: 'session',
    body: z.strictObject({ ...ceremonyAnswer.shape, label: z.string().min(1).max(100) }),
    answer: passkeySchema,
    status: 201,
  }),
  removePasskey: defineOperation({
    summary: 'Remove a passkey of the own account',
    access: 'session',
    path: z.strictObject({ id: z.string().min(1).max(1_500) }),
  }),
} as const
