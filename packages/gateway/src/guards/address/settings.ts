import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'
import { parseNetwork } from './network.ts'

const networkSetting = z.string().transform((text, context) => {
  const network = parseNetwork(text)
  if (typeof network !== 'string') return network
  context.addIssue({ code: 'custom', message: network })
  return z.NEVER
})

const entrySetting = z.union([
  networkSetting.transform((network) => ({ network, reason: undefined, expires: undefined })),
  z
    .strictObject({
      cidr: networkSetting.describe(
        'An address or network, such as 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32.',
      ),
      reason: z.string().min(1).max(200).optional().describe('Why it is listed; shown in logs.'),
      expires: z
        .union([z.iso.date(), z.iso.datetime()])
        .transform((text) => Date.parse(text))
        .optional()
        .describe('When the entry ends: 2027-01-31 or 2027-01-31T12:00:00Z; from then on it does nothing.'),
    })
    .transform(({ cidr, reason, expires }) => ({ network: cidr, reason, expires })),
])

const entries = z.array(entrySetting).max(200_000).default([])

/** Settings of the address guard. */
export const addressSettings = z.strictObject({
  ...commonSettings({ mode: 'enforce', onFault: 'refuse' }),
  allow: entries.describe('The only addresses that may send requests; empty: all may that are not denied.'),
  deny: entries.describe('Addresses that may not send requests, also where `allow` lists them.'),
})

/** What the address guard is compiled from. */
export type AddressSettings = z.output<typeof addressSettings>

/** One entry of a list: a network, why it is there, and when it ends (milliseconds since the Unix epoch). */
export type AddressEntry = AddressSettings['deny'][number]
