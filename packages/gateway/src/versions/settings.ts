import { z } from 'zod'
import { instant } from '../settings/instant.ts'
import { duration, givenDuration } from '../settings/units.ts'
import { webAddress } from '../settings/web-address.ts'

/** The name of a version: a part of paths, labels and addresses. */
const versionName = z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,29}[a-z0-9])?$/, {
  error: 'a version is named by lower case letters, digits, dots and dashes: v1, 2027-03-01',
})

/** Where a request names its version: `path`, or a kind and a name. */
export type VersionPlace =
  | { readonly kind: 'path'; readonly name?: undefined }
  | { readonly kind: 'header' | 'media-type' | 'query'; readonly name: string }

const place = z
  .string()
  .regex(/^(?:path|(?:header|media-type|query):[A-Za-z0-9_-]{1,64})$/, {
    error: 'a version is named in path, header:<name>, media-type:<parameter> or query:<name>',
  })
  .transform(toPlace)

const brownout = z
  .strictObject({
    from: instant().describe('When the first one begins.'),
    for: duration('15m').describe('How long the first one takes.'),
    every: givenDuration().optional().describe('From the beginning of one to that of the next.'),
    until: instant().optional().describe('None begins at this moment or later.'),
    growTo: givenDuration()
      .optional()
      .describe('How long the last one takes; those between grow evenly, so that it hurts more and more.'),
  })
  .refine(({ every, until }) => (every === undefined) === (until === undefined), {
    path: ['until'],
    error: 'every and until go together: how often, and until when',
  })
  .refine(({ every, growTo }) => growTo === undefined || every !== undefined, {
    path: ['growTo'],
    error: 'one that is not repeated cannot grow: add every and until',
  })

const exception = z.strictObject({
  consumer: z
    .string()
    .min(1)
    .max(500)
    .describe('As keys and tokens name it: the consumer of an API key, or <issuer>|<sub>.'),
  reason: z.string().min(10, { error: 'an exception needs a reason of 10 characters or more' }).max(500),
  owner: z.string().min(2, { error: 'an exception needs an owner: a person or a team' }).max(100),
  expires: z.iso
    .date({ error: 'an exception needs a day on which it ends: 2027-01-31' })
    .describe('The last day on which it holds (UTC).'),
})

const stages = z.strictObject({
  deprecated: instant().describe('From when on nobody should begin to use it: `Deprecation` (RFC 9745).'),
  brownouts: z
    .array(brownout)
    .max(20)
    .default([])
    .describe('Times at which it answers 410 as if it had ended, so that who still calls notices.'),
  readOnly: instant().optional().describe('From when on it answers 405 to methods that change something.'),
  retired: instant().optional().describe('From when on it answers 410: `Sunset` (RFC 8594).'),
})

const forced = z.strictObject({
  readOnly: instant().optional().describe('When it becomes read-only in truth.'),
  retired: instant().optional().describe('When it ends in truth.'),
})

const links = z.strictObject({
  deprecation: webAddress().optional().describe('What people read about it: `rel="deprecation"`.'),
  sunset: webAddress().optional().describe('What is promised about its end: `rel="sunset"`.'),
  successor: webAddress()
    .optional()
    .describe(
      'Where to go: `rel="successor-version"`; without it the path of the successor, where paths name versions.',
    ),
})

/** How one version ends. */
const planSettings = z.strictObject({
  reason: z
    .string()
    .min(10, { error: 'a plan needs a reason of 10 characters or more' })
    .max(500)
    .describe('Why it ends; for people, never sent to callers.'),
  insecure: z
    .boolean()
    .default(false)
    .describe('Whether it must end because it is not secure; needs `finding`.'),
  finding: z
    .string()
    .regex(/^[\x21-\x7e]{3,100}$/, { error: 'write the id of a finding without spaces: CVE-2027-12345' })
    .optional()
    .describe('What was found: a CVE, or the id of a finding.'),
  successor: versionName.optional().describe('The version that takes its place.'),
  links: links.prefault({}).describe('Addresses that answers lead to.'),
  stages: stages.describe('What happens when; each stage begins no earlier than the one before.'),
  forced: forced
    .optional()
    .describe('Stages of an insecure version that begin earlier than callers were told.'),
  exceptions: z.array(exception).max(200).default([]).describe('Consumers that may go on for a while.'),
})

/**
 * The section `apis.<name>.versions`.
 * @param upstream the schema of what stands behind a version
 * @param contract the schema of what names a contract
 */
export function versionsSettings<Upstream extends z.ZodType, Contract extends z.ZodType>(
  upstream: Upstream,
  contract: Contract,
) {
  return z.strictObject({
    in: z
      .array(place)
      .min(1)
      .max(4)
      .describe(
        'Where a request names its version: path (the segment after the base path), header:<name>, media-type:<parameter> (of Accept and Content-Type), query:<name>. Two that disagree are refused with 400.',
      ),
    default: versionName
      .or(z.literal('none'))
      .describe('The version of a request that names none; none: it is refused.'),
    offered: z
      .record(
        versionName,
        z.strictObject({
          value: z
            .string()
            .regex(/^[A-Za-z0-9._-]{1,64}$/, { error: 'write letters, digits, dots and dashes' })
            .optional()
            .describe('How headers, media types and queries write it, if not by its name.'),
          contract: contract.optional().describe('Its OpenAPI document, if not that of the API.'),
          upstream: upstream
            .optional()
            .describe('What stands behind it, if not that of the API: as `apis.<name>.upstream`.')
            .meta({ 'x-same-as': 'apis.<name>.upstream' }),
          plan: planSettings.optional().describe('How it ends.'),
        }),
      )
      .refine((offered) => Object.keys(offered).length > 0, { error: 'no version is offered' })
      .describe('The versions by name.'),
  })
}

/** How one version ends, as configured; instants and durations in milliseconds. */
export type PlanSettings = z.output<typeof planSettings>

function toPlace(text: string): VersionPlace {
  const [kind, name] = text.split(':') as [VersionPlace['kind'], string | undefined]
  return kind === 'path' || name === undefined ? { kind: 'path' } : { kind, name }
}
