import { z } from 'zod'
import { acmeSettings } from './acme-settings.ts'
import { oidcSettings } from './oidc-settings.ts'
import { path, secret } from '../settings/references.ts'

const port = (byDefault: number) =>
  z.int().min(0).max(65_535).default(byDefault).describe('TCP port; 0 takes a free one.')

const host = (byDefault: string) =>
  z.string().min(1).max(253).default(byDefault).describe('Address to listen on; 0.0.0.0 or :: for all.')

const certificateSettings = z.strictObject({
  cert: path().describe('PEM file with the certificate and its intermediates.'),
  key: path().describe('PEM file with the private key.'),
})

const httpsSettings = z.strictObject({
  host: host('0.0.0.0'),
  port: port(8443),
  profile: z
    .enum(['intermediate', 'modern'])
    .default('intermediate')
    .describe("Mozilla's TLS profiles: intermediate is TLS 1.2 and 1.3, modern 1.3 only."),
  certificate: certificateSettings
    .optional()
    .describe('Reloaded when the files change; without it a development certificate is made in `data`.'),
  certificates: z
    .array(certificateSettings)
    .max(1_000)
    .default([])
    .describe('More of them, each for the host names that it holds (SNI); reloaded when the files change.'),
  acme: acmeSettings
    .optional()
    .describe(
      'Certificates that the gateway orders and renews itself (RFC 8555), after two thirds of their life.',
    ),
})

const httpSettings = z.strictObject({ host: host('127.0.0.1'), port: port(8080) })

/** The root section `listen`: where clients reach the gateway. */
export const listenSettings = z.strictObject({
  https: z
    .union([z.literal(false), httpsSettings])
    .prefault({})
    .describe('The encrypted port, HTTP/2 and HTTP/1.1; false where a proxy in front ends TLS.'),
  http: httpSettings
    .optional()
    .describe(
      'A plain HTTP/1.1 port; beyond this machine only behind `trust.proxies`. Nothing is redirected.',
    ),
})

/** The root section `admin`: where operators reach the gateway, over TLS. */
export const adminSettings = z.strictObject({
  host: host('127.0.0.1'),
  port: port(9443),
  names: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9.-]{0,252}$/, { error: 'write host names in lower case' }))
    .max(100)
    .default([])
    .describe(
      'Host names under which people reach it, besides `host`, localhost and addresses: any other is refused, since a foreign page could be behind it.',
    ),
  oidc: oidcSettings
    .optional()
    .describe('An OpenID provider at which people log in, beside passwords and passkeys.'),
  metricsToken: secret()
    .optional()
    .describe(
      'What `/metrics` asks for as a bearer token; without it everybody who reaches the address may read them.',
    ),
})
