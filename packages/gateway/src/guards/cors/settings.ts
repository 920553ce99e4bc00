import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'
import { duration } from '../../settings/units.ts'
import { explainOrigin } from './origin-list.ts'

const originSetting = z.string().transform((text, context) => {
  const mistake = explainOrigin(text)
  if (mistake === undefined) return text.toLowerCase()
  context.addIssue({ code: 'custom', message: mistake })
  return z.NEVER
})

const methodSetting = z
  .string()
  .regex(/^[A-Z]{1,20}$/, { error: 'write a method in capitals: GET, POST, PATCH' })

const fieldName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'+.^_`|~-]{1,100}$/, {
    error: 'write the name of a header field; a star would give away those nobody thought of',
  })
  .transform((name) => name.toLowerCase())

/** Settings of the CORS guard; without an origin no page of another origin may use the API. */
export const corsSettings = z
  .strictObject({
    ...commonSettings({ mode: 'enforce', onFault: 'refuse' }),
    origins: z
      .array(originSetting)
      .max(1_000)
      .default([])
      .describe(
        'Origins whose pages may use the API: https://app.example.com, all hosts below a domain as https://*.example.com, or * for public APIs without credentials.',
      ),
    methods: z
      .array(methodSetting)
      .max(20)
      .default(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
      .describe('Methods that pages may use; of these, those that the contract offers at the path.'),
    headers: z
      .array(fieldName)
      .max(100)
      .prefault([
        'Authorization',
        'Content-Type',
        'X-API-Key',
        'X-Request-Id',
        'Idempotency-Key',
        'If-Match',
        'If-None-Match',
        'Traceparent',
      ])
      .describe('Header fields that pages may send besides those that every page may.'),
    exposed: z
      .array(fieldName)
      .max(100)
      .prefault([
        'X-Request-Id',
        'X-RateLimit-Limit',
        'X-RateLimit-Remaining',
        'X-RateLimit-Reset',
        'RateLimit',
        'RateLimit-Policy',
        'Retry-After',
        'WWW-Authenticate',
        'Location',
        'Link',
        'ETag',
        'Deprecation',
        'Sunset',
      ])
      .describe('Header fields of answers that pages may read besides those that every page may.'),
    credentials: z
      .boolean()
      .default(false)
      .describe('Whether browsers send cookies and client certificates along for these origins.'),
    maxAge: duration('10m').describe('How long browsers remember what a preflight told them.'),
    refuseUnsafe: z
      .boolean()
      .default(true)
      .describe(
        'Whether requests of other origins that change something (not GET, HEAD, OPTIONS or QUERY) are refused, instead of only hiding the answer from the page.',
      ),
  })
  .refine(({ origins, credentials }) => !(credentials && origins.includes('*')), {
    error: 'credentials: true with the origin * lets every page act as the user; list the origins',
  })

/** What the CORS guard is compiled from. */
export type CorsSettings = z.output<typeof corsSettings>
