import { parseDuration } from '@gateward/kernel'
import { z } from 'zod'
import { secret } from '../settings/references.ts'
import { pepperFromSecret, type Pepper } from '../keyring/pepper.ts'
import { providerSettings } from '../keyring/providers/settings.ts'

/** The root section `keyring`: what API keys are kept under, and where the key is that all other keys are wrapped by. */
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
  provider: providerSettings
    .prefault({ kind: 'file' })
    .describe('Where the key-encryption key is, which wraps all data keys and the pepper.'),
  former: z
    .array(providerSettings)
    .max(10)
    .default([])
    .describe(
      'Key-encryption keys from before a move: what they have wrapped is wrapped anew, and then they can be left out.',
    ),
  rotation: z
    .string()
    .refine((text) => text === 'never' || (parseDuration(text) ?? 0) >= 86_400_000, {
      error: 'write an age of a day or more, such as 90d, or never',
    })
    .default('90d')
    .transform((text) => (text === 'never' ? undefined : parseDuration(text)))
    .describe('The age at which data keys are replaced, such as 90d, or never.'),
})

export type KeyringSettings = z.output<typeof keyringSettings>

/** The section as it is where nothing is configured. */
export function keyringDefaults(): KeyringSettings {
  return keyringSettings.parse({})
}
