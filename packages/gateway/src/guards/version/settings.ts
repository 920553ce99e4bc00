import { z } from 'zod'
import { instant } from '../../settings/instant.ts'
import { webAddress } from '../../settings/web-address.ts'
import { commonSettings } from '../common-settings.ts'

/** Settings of the version guard; what versions there are and how they end stands in `apis.<name>.versions`. */
export const versionSettings = z.strictObject({
  ...commonSettings({ mode: 'enforce', onFault: 'refuse' }),
})

/** What the version guard is compiled from. */
export type VersionSettings = z.output<typeof versionSettings>

/** What an operation that is `deprecated: true` says of it. */
export const deprecationExtension = z
  .strictObject({
    since: instant().describe('From when on nobody should begin to use it: `Deprecation` (RFC 9745).'),
    sunset: instant()
      .optional()
      .describe('When it is to end: `Sunset` (RFC 8594). It is announced, not carried out.'),
    link: webAddress().optional().describe('What people read about it: `rel="deprecation"`.'),
  })
  .refine(({ since, sunset }) => sunset === undefined || sunset >= since, {
    path: ['sunset'],
    error: 'sunset is not before since (RFC 9745 section 4)',
  })
  .describe('When an operation that is `deprecated: true` was or will be deprecated.')
