import { z } from 'zod'
import { className } from '../../data-classes/class-name.ts'
import { commonSettings } from '../common-settings.ts'

/** Settings of the field encryption guard. */
export const fieldEncryptionSettings = z.strictObject({
  ...commonSettings({ mode: 'enforce', onFault: 'refuse' }),
  classes: z
    .record(className, z.enum(['encrypt', 'deterministic', 'off']))
    .default({})
    .describe(
      'How the service gets the values of a class: encrypt (AES-256-GCM, each time another text), deterministic (AES-256-SIV, equal values alike, so that they can be searched), or off (as they are). A class that is not in the catalogue must be named here.',
    ),
  tenant: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      "The claim of a token, or attribute of an API key, that names the caller's tenant: what is encrypted for one can be read for no other. Without it all callers are one tenant.",
    ),
  unencrypted: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe(
      'What becomes of classified values that the service still holds unencrypted: accept shows them as if they had been decrypted, refuse answers with an error.',
    ),
})

export type FieldEncryptionSettings = z.output<typeof fieldEncryptionSettings>
