import { z } from 'zod'
import { allPurposes } from '../../keyring/data-keys/purposes.ts'
import { moment, reason } from './common.ts'
import { defineOperation } from './operation.ts'

const dataKeySchema = z.strictObject({
  id: z.string(),
  /** What it encrypts or signs. */
  purpose: z.string(),
  algorithm: z.string(),
  state: z.enum(['active', 'decrypt-only', 'retired', 'destroyed']),
  createdAt: moment(),
  changedAt: moment(),
  usedAt: moment().optional(),
  messages: z.int(),
  /** The key-encryption key that wraps it. */
  kek: z.string(),
  /** Of a key that signs: PEM. */
  publicKey: z.string().optional(),
})

export const keyringOperations = {
  getKeyring: defineOperation({
    summary: 'The data keys: what they are for, and how much they were used; never the keys themselves',
    access: 'viewer',
    answer: z.strictObject({ keys: z.array(dataKeySchema) }),
  }),
  rotateDataKey: defineOperation({
    summary: 'Encrypt and sign with another key from now on; the one before still decrypts and verifies',
    access: 'security',
    path: z.strictObject({ purpose: z.enum(allPurposes as [string, ...string[]]) }),
    body: z.strictObject({ reason: reason() }),
    answer: dataKeySchema,
    status: 201,
    changes: { ifMatch: false },
  }),
} as const
