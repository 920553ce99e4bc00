import { z } from 'zod'
import { path } from '../settings/references.ts'

/** The root section `geography`: what is known of where addresses are. */
export const geographySettings = z.strictObject({
  country: z
    .union([z.enum(['builtin', 'none']), path()])
    .default('builtin')
    .describe(
      'Where countries of addresses come from: builtin (registry data that comes with the gateway), none, or an MMDB file; one with cities tells distances more exactly.',
    ),
  asn: path()
    .optional()
    .describe('An MMDB file with autonomous systems; without it changes of network are not looked at.'),
})

export type GeographySettings = z.infer<typeof geographySettings>
