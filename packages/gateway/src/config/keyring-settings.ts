import { z } from 'zod'
import { secret } from '../settings/references.ts'
import { pepperFromSecret, type Pepper } from '../keyring/pepper.ts'

/** The root section `keyring`: what API keys are kept under. */
export const keyringSettings = z.strictObject({
  pepper: secret()
    .transform((reference, context): Pepper => {
      try {
        return pepperFromSecret(reference)
      } catch {
        context.addIssue({
          code: 'custom',
          message: 'the secret is no pepper',
          params: { fix: 'make one of 32 random bytes, in hexadecimal or base64: openssl rand -hex 32' },
        })
        return z.NEVER
      }
    })
    .optional()
    .describe(
      'The key under which API keys are hashed, for more than one gateway or a secret store; without it one is made in `data`.',
    ),
})
