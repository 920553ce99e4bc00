import { z } from 'zod'
import { isTrustworthyUrl } from '../../keyring/fetch-document.ts'
import { signatureAlgorithms } from '../../keyring/json-web-key.ts'
import { commonSettings } from '../common-settings.ts'
import { path } from '../../settings/references.ts'
import { duration, size } from '../../settings/units.ts'

const algorithmSetting = z.enum(signatureAlgorithms, {
  error: ({ input }) =>
    typeof input === 'string' && /^(?:HS\d+|none)$/i.test(input)
      ? `${input} is refused: ${input.toLowerCase() === 'none' ? 'such a token is not signed' : 'who can verify such a token can also make one'}`
      : `an algorithm is one of ${signatureAlgorithms.join(', ')}`,
})

const untrustworthy =
  'keys come from a file, or an https URL without a password (http from this machine only)'

const jwksSetting = z
  .union(
    [
      z
        .url()
        .refine(isTrustworthyUrl, { error: untrustworthy })
        .transform((location) => ({ kind: 'url' as const, location })),
      z
        .string()
        .refine((text) => !text.includes('://'), { error: untrustworthy })
        .pipe(path())
        .transform((location) => ({ kind: 'file' as const, location })),
    ],
    { error: untrustworthy },
  )
  .describe(
    'Where the public keys are: a file (watched), or a URL (https, or http of this machine). Without it they are found by OpenID Connect discovery from the issuer.',
  )

const claimSetting = z.string().min(1).max(128)

const claimsSettings = z.strictObject({
  subject: claimSetting.default('sub').describe('The claim that says who calls.'),
  scope: claimSetting
    .default('scope')
    .describe('The claim with the scopes: a text with spaces, or a list. A dot steps into an object.'),
  roles: claimSetting.default('roles').describe('The claim with the roles, `realm_access.roles` say.'),
  tier: claimSetting
    .optional()
    .describe('The claim that names the tier; without it the default tier applies.'),
})

const issuerSettings = z
  .strictObject({
    issuer: z
      .string()
      .min(1)
      .max(1_024)
      .describe('The exact `iss` of its tokens; with discovery also where it is found.'),
    audience: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(20)])
      .transform((audience) => (typeof audience === 'string' ? [audience] : audience))
      .describe('The `aud` that tokens for this API have; one of several is enough.'),
    algorithms: z
      .array(algorithmSetting)
      .min(1)
      .describe('The algorithms this issuer signs with; a token with any other is refused.'),
    jwks: jwksSetting.optional(),
    tokenType: z
      .enum(['at+jwt', 'jwt'])
      .default('at+jwt')
      .describe(
        'at+jwt: only tokens marked as access tokens (RFC 9068). jwt: also those marked JWT or not at all, for issuers that cannot mark them; ID tokens are refused as far as they can be told.',
      ),
    leeway: duration('5s')
      .refine((milliseconds) => milliseconds <= 60_000, {
        error: 'clocks that differ by more than 60s need repair',
      })
      .describe('How much the clocks of issuer and gateway may differ; at most 60s.'),
    maxLifetime: duration('24h')
      .refine((milliseconds) => milliseconds > 0, { error: 'a token needs some time to live' })
      .describe('The longest that a token may live, from `iat` to `exp`.'),
    maxSize: size('8KB')
      .refine((bytes) => bytes >= 256 && bytes <= 65_536, { error: 'a token has between 256B and 64KB' })
      .describe('The longest token that is looked at.'),
    claims: claimsSettings.prefault({}).describe('Which claims mean what.'),
  })
  .refine(({ issuer, jwks }) => jwks !== undefined || isTrustworthyUrl(issuer), {
    error: 'keys are only found by discovery from an https issuer; say with jwks where they are',
    path: ['issuer'],
  })

const apiKeysSettings = z.strictObject({
  headers: z
    .array(
      z.string().regex(/^[A-Za-z0-9-]{1,64}$/, { error: 'a header name has letters, digits and hyphens' }),
    )
    .min(1)
    .max(4)
    .transform((names) => names.map((name) => name.toLowerCase()))
    .prefault(['x-api-key'])
    .describe('The header fields that bring an API key where the contract names none.'),
})

/** Settings of authentication: who is believed to say who calls. */
export const authenticationSettings = z.strictObject({
  ...commonSettings({ mode: 'enforce', onFault: 'refuse' }),
  onFault: z
    .literal('refuse')
    .default('refuse')
    .describe('A request whose sender cannot be told is refused; nothing else can be chosen.'),
  realm: z
    .string()
    .regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,64}$/, { error: 'a realm is visible ASCII without " and \\' })
    .default('gateward')
    .describe('The name of the protected space in `WWW-Authenticate` (RFC 9110 section 11.5).'),
  issuers: z
    .array(issuerSettings)
    .max(100)
    .refine((issuers) => new Set(issuers.map(({ issuer }) => issuer)).size === issuers.length, {
      error: 'an issuer is named twice; write one entry with all its audiences',
    })
    .default([])
    .describe('The issuers whose access tokens are accepted.'),
  apiKeys: apiKeysSettings.prefault({}).describe('How API keys are presented.'),
})

export type AuthenticationSettings = z.output<typeof authenticationSettings>
export type IssuerSettings = AuthenticationSettings['issuers'][number]
