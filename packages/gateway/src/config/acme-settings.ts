import { z } from 'zod'
import { path, secret } from '../settings/references.ts'
import { duration } from '../settings/units.ts'

const hostName = z
  .string()
  .max(253)
  .regex(/^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/, {
    error:
      'write a host name in lower case that a public authority can check: api.example.com or *.example.com',
  })

const directory = z
  .string()
  .regex(/^https:\/\/[^\s/]+\/\S*$/, {
    error:
      'write letsencrypt, letsencrypt-staging, or the https:// URL of a directory (RFC 8555 section 7.1.1)',
  })
  .or(z.enum(['letsencrypt', 'letsencrypt-staging']))

const externalAccount = z
  .strictObject({
    keyId: z.string().min(1).max(1_000).describe('The key id that the authority gave you.'),
    key: secret().describe('The HMAC key that the authority gave you, base64url.'),
  })
  .describe('Account at the authority that the new one is bound to (RFC 8555 section 7.3.4).')

/** The section `listen.https.acme`: certificates that are asked for and renewed without anybody's doing. */
export const acmeSettings = z
  .strictObject({
    directory: directory
      .default('letsencrypt')
      .describe(
        'The certificate authority. A first certificate of letsencrypt is tried with its staging authority before, so that a mistake costs none of the few tries a week.',
      ),
    names: z
      .array(z.array(hostName).min(1).max(100))
      .min(1)
      .max(100)
      .describe('One certificate for each list of host names.'),
    email: z.email().optional().describe('Where the authority writes to.'),
    termsAgreed: z
      .literal(true, { error: 'read the terms of the authority and write termsAgreed: true' })
      .describe('That you agree to the terms of the authority.'),
    challenge: z
      .enum(['tls-alpn-01', 'http-01', 'dns-01'])
      .default('tls-alpn-01')
      .describe(
        'How the names are proved to be yours: on this port, which the authority reaches as 443 (RFC 8737); on `http`, which it reaches as 80; or by `dnsHook`.',
      ),
    http: z
      .strictObject({
        host: z.string().min(1).max(253).default('0.0.0.0').describe('Address to listen on.'),
        port: z.int().min(0).max(65_535).default(80).describe('TCP port; 0 takes a free one.'),
      })
      .prefault({})
      .describe('Where challenges of http-01 are answered, and nothing else.'),
    dnsHook: path()
      .optional()
      .describe('Program that is run as `hook add|remove NAME VALUE` to set the TXT record of dns-01.'),
    dnsWait: duration('30s').describe('How long a new TXT record needs until every name server has it.'),
    authority: path()
      .optional()
      .describe("PEM file with the certificate authority of the directory's own TLS, for one of your own."),
    externalAccount: externalAccount.optional(),
  })
  .refine(({ challenge, dnsHook }) => (challenge === 'dns-01') === (dnsHook !== undefined), {
    path: ['dnsHook'],
    error: 'dns-01 needs dnsHook, and no other challenge takes it',
  })
  .refine(({ challenge, names }) => challenge === 'dns-01' || !names.flat().some((n) => n.startsWith('*')), {
    path: ['names'],
    error: 'a wildcard can only be proved by challenge: dns-01 (RFC 8555 section 8)',
  })

/** How certificates are got by ACME; durations in milliseconds. */
export type AcmeSettings = z.output<typeof acmeSettings>
