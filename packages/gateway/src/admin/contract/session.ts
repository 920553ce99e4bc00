import { z } from 'zod'
import { byId, moment, roleSchema } from './common.ts'
import { ceremony, ceremonyAnswer } from './ceremony.ts'
import { accountNamePattern } from '../access/oidc/account-name.ts'
import { defineOperation } from './operation.ts'

/** Who is logged in. */
export const sessionSchema = z.strictObject({
  account: z.strictObject({ id: z.string(), name: z.string(), role: roleSchema }),
  method: z.enum(['password', 'passkey', 'oidc', 'invitation', 'token']),
  expiresAt: moment(),
})

/** What an account is called: letters of any script, digits, and what stands in an e-mail address. */
const accountName = z
  .string()
  .min(1)
  .max(100)
  .regex(accountNamePattern)
  .describe('A name or an e-mail address.')

/** A new password: long rather than complicated (NIST SP 800-63B section 3.1.1). */
const newPassword = z.string().min(12).max(200).describe('At least 12 characters; any.')

const code = z.string().min(1).max(64).describe('The last part of the one-time link.')

export const sessionOperations = {
  getSession: defineOperation({
    summary: 'Who is logged in',
    access: 'session',
    answer: sessionSchema,
  }),
  logIn: defineOperation({
    summary: 'Log in with name and password',
    access: 'public',
    body: z.strictObject({ name: z.string().min(1).max(100), password: z.string().min(1).max(200) }),
    answer: sessionSchema,
    status: 201,
  }),
  logOut: defineOperation({
    summary: 'End the session',
    access: 'session',
    answer: z.strictObject({
      /** Where the browser logs out at the OpenID provider, too, where it came from there. */
      provider: z.string().optional(),
    }),
  }),
  changePassword: defineOperation({
    summary: 'Set another password for the own account; other sessions end',
    access: 'session',
    body: z.strictObject({ current: z.string().max(200).optional(), next: newPassword }),
    answer: sessionSchema,
  }),
  listSessions: defineOperation({
    summary: 'Where the own account is logged in',
    access: 'session',
    answer: z.strictObject({
      sessions: z.array(
        z.strictObject({
          id: z.string(),
          method: z.enum(['password', 'passkey', 'oidc', 'invitation']),
          createdAt: moment(),
          usedAt: moment(),
          /** When it ends at the latest. */
          expiresAt: moment(),
          /** Whether it is the one that asks. */
          isOwn: z.boolean(),
        }),
      ),
    }),
  }),
  endSession: defineOperation({
    summary: 'End a session of the own account',
    access: 'session',
    path: byId,
  }),
  endOtherSessions: defineOperation({
    summary: 'End every session of the own account but the one that asks',
    access: 'session',
    answer: z.strictObject({ ended: z.int() }),
  }),
  checkInvitation: defineOperation({
    summary: 'Whether a one-time link is still good',
    access: 'public',
    body: z.strictObject({ code }),
    answer: z.strictObject({ kind: z.enum(['welcome', 'invited']), role: roleSchema, expiresAt: moment() }),
  }),
  beginInvitationPasskey: defineOperation({
    summary: 'Begin to make the passkey of an account that a one-time link makes',
    access: 'public',
    body: z.strictObject({ code, name: accountName }),
    answer: ceremony,
  }),
  redeemInvitation: defineOperation({
    summary: 'Make an account with a one-time link and a password or a passkey, and log in',
    access: 'public',
    body: z.strictObject({
      code,
      name: accountName,
      password: newPassword.optional(),
      passkey: ceremonyAnswer.optional(),
    }),
    answer: sessionSchema,
    status: 201,
  }),
} as const
