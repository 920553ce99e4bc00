import { z } from 'zod'
import { className } from '../../data-classes/class-name.ts'
import { commonSettings } from '../common-settings.ts'

const classMasking = z.strictObject({
  reveal: z
    .array(z.string().min(1).max(200))
    .max(20)
    .optional()
    .describe(
      'Scopes of which one lets a caller see the values; by default reveal:pii.email and reveal:pii, say.',
    ),
  conceal: z
    .enum(['mask', 'remove'])
    .optional()
    .describe('What everybody else sees: a mask such as a***@e***.com, or nothing.'),
})

/** Settings of the masking guard. */
export const maskingSettings = z.strictObject({
  ...commonSettings({ mode: 'enforce', onFault: 'refuse' }),
  classes: z
    .record(className, classMasking)
    .default({})
    .describe('What is otherwise than by default, by the class that the contract declares as x-data-class.'),
})

export type MaskingSettings = z.output<typeof maskingSettings>
