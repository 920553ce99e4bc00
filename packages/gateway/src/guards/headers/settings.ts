import { formatDuration } from '@gateward/kernel'
import { z } from 'zod'
import { commonSettings } from '../common-settings.ts'
import { duration } from '../../settings/units.ts'

const fieldName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, { error: 'write the name of a header field' })
  .transform((name) => name.toLowerCase())

const fieldPattern = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'+.^_`|~-]{1,100}\*?$/, {
    error: 'write the name of a header field, or its beginning and a star: X-Powered-By or X-Drupal-*',
  })
  .transform((name) => name.toLowerCase())

/** The value of a header field in visible characters; `off` leaves the field to the upstream. */
function fieldValue(byDefault: string) {
  return z
    .string()
    .regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,3998}[\x21-\x7e])?$/, {
      error: 'a header value is visible ASCII characters without a line break',
    })
    .default(byDefault)
}

const minimumPreloadAge = 365 * 86_400_000

const transportSecurity = z
  .strictObject({
    maxAge: duration('730d').describe('How long browsers may use nothing but TLS; 0s takes it back.'),
    includeSubDomains: z.boolean().default(true).describe('Whether it holds for all subdomains.'),
    preload: z.boolean().default(false).describe('Whether browsers may have it built in (hstspreload.org).'),
  })
  .refine(
    ({ preload, includeSubDomains, maxAge }) =>
      !preload || (includeSubDomains && maxAge >= minimumPreloadAge),
    {
      error: `preload needs includeSubDomains: true and maxAge: ${formatDuration(minimumPreloadAge)} or more`,
    },
  )

const apiContentSecurity = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const pageContentSecurity =
  "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** What tells an attacker which software to look up weaknesses of. */
const banners = [
  'Server',
  'X-Powered-By',
  'X-AspNet-Version',
  'X-AspNetMvc-Version',
  'X-SourceFiles',
  'Via',
  'X-Generator',
  'X-Runtime',
  'X-Version',
  'X-Backend-Server',
  'X-Server',
  'X-Served-By',
  'X-Varnish*',
  'X-Drupal-*',
  'X-Pingback',
  'X-Powered-CMS',
  'X-Mod-Pagespeed',
  'X-Page-Speed',
  'X-OWA-Version',
  'X-Envoy-*',
  'X-Kong-*',
  'X-Application-Context',
  'X-Debug-*',
  'X-Redirect-By',
  'X-Nextjs-*',
  'Liferay-Portal',
  'MicrosoftSharePointTeamServices',
  'OracleCommerceCloud-Version',
  'Product',
  'Public-Key-Pins*',
  'SourceMap',
  'X-SourceMap',
  'K-Proxy-Request',
]

/** Settings of the headers guard. */
export const headersSettings = z.strictObject({
  ...commonSettings({ mode: 'enforce', onFault: 'refuse' }),
  transportSecurity: z
    .union([z.literal('off'), transportSecurity])
    .prefault({})
    .describe('Strict-Transport-Security (RFC 6797), on answers over TLS only.'),
  contentSecurity: fieldValue(apiContentSecurity).describe(
    'Content-Security-Policy of answers that are no pages; off: the upstream decides.',
  ),
  pageContentSecurity: fieldValue(pageContentSecurity).describe(
    'Content-Security-Policy of pages (text/html and application/xhtml+xml); off: the upstream decides.',
  ),
  frameOptions: z.enum(['DENY', 'SAMEORIGIN', 'off']).default('DENY').describe('X-Frame-Options.'),
  referrerPolicy: fieldValue('no-referrer').describe('Referrer-Policy; off: the upstream decides.'),
  permissionsPolicy: fieldValue(
    'accelerometer=(), autoplay=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
  ).describe('Permissions-Policy; off: the upstream decides.'),
  resourcePolicy: z
    .enum(['same-origin', 'same-site', 'cross-origin', 'off'])
    .default('same-origin')
    .describe('Cross-Origin-Resource-Policy: who may embed answers without CORS.'),
  openerPolicy: z
    .enum(['same-origin', 'same-origin-allow-popups', 'unsafe-none', 'off'])
    .default('same-origin')
    .describe('Cross-Origin-Opener-Policy.'),
  cacheControl: fieldValue('no-store').describe(
    'Cache-Control of answers to known callers, and of refusals, that say nothing of their own; off: none is added.',
  ),
  remove: z
    .array(fieldPattern)
    .max(200)
    .prefault(banners)
    .describe('Header fields taken from every answer, by name or by beginning and a star.'),
  keepUpstream: z
    .array(fieldName)
    .max(50)
    .default([])
    .describe('Fields named above that the upstream sets better: its value stays where it sends one.'),
})

/** What the headers guard is compiled from. */
export type HeadersSettings = z.output<typeof headersSettings>
