import { z } from 'zod'
import { defineOperation } from './operation.ts'
import { sessionSchema } from './session.ts'

export const oidcOperations = {
  getLogInWays: defineOperation({
    summary: 'How people log in here besides name and password',
    access: 'public',
    answer: z.strictObject({
      /** Left out: no OpenID provider is set up. */
      oidc: z.strictObject({ label: z.string() }).optional(),
    }),
  }),
  beginOidcLogin: defineOperation({
    summary: 'Begin to log in at the OpenID provider: where the browser goes, and what it keeps for itself',
    access: 'public',
    answer: z.strictObject({ flow: z.string(), url: z.string() }),
  }),
  logInWithOidc: defineOperation({
    summary: 'Log in with what the OpenID provider sent back',
    access: 'public',
    body: z.strictObject({
      flow: z.string().min(1).max(64),
      parameters: z.string().max(8_192).describe('The query that the browser came back with.'),
    }),
    answer: sessionSchema,
    status: 201,
  }),
} as const
