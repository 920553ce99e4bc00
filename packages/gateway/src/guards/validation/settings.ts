import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'

/** The settings of the validation guard. */
export const validationSettings = z.strictObject({
  ...commonSettings({ mode: 'enforce', onFault: 'refuse' }),
  status: z
    .union([z.literal(422), z.literal(400)])
    .default(422)
    .describe('The status of a request that does not keep the contract.'),
  showPointers: z
    .boolean()
    .default(false)
    .describe('Whether clients are told which fields were wrong; the log and `explain` always are.'),
  unknownQuery: z
    .enum(['refuse', 'allow'])
    .default('refuse')
    .describe('What happens to query parameters that the contract does not declare.'),
  unknownProperties: z
    .enum(['refuse', 'allow'])
    .default('refuse')
    .describe('What happens to body properties that no schema declares and no schema speaks about.'),
  maxViolations: z.int().min(1).max(100).default(10).describe('Most violations told of one request.'),
  maxFields: z.int().min(1).max(100_000).default(1_000).describe('Most fields of a form.'),
  maxParts: z.int().min(1).max(10_000).default(100).describe('Most parts of a multipart form.'),
  answers: z
    .enum(['off', 'report', 'block'])
    .default('report')
    .describe(
      "What happens to answers whose status, media type or body does not keep the contract: `block` answers 502 in the service's place.",
    ),
})

export type ValidationSettings = z.infer<typeof validationSettings>
