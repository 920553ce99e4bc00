import { z } from 'zod'
import { certificateAuthority, endpointUrl } from '../delivery/settings.ts'
import { secret } from '../settings/references.ts'
import { roles } from '../store/account-store.ts'

const values = z.array(z.string().min(1).max(500)).max(100).default([])

const roleSettings = z
  .strictObject({
    claim: z
      .string()
      .min(1)
      .max(200)
      .default('groups')
      .describe(
        'The claim that says what somebody is, a text or a list; a point leads into an object: realm_access.roles.',
      ),
    viewer: values.describe('Values of the claim that make a viewer.'),
    operator: values.describe('Values that make an operator.'),
    security: values.describe('Values that make the role security.'),
    admin: values.describe('Values that make an admin.'),
  })
  .refine((mapping) => roles.some((role) => mapping[role].length > 0), {
    error: 'no value of the claim gives a role, so nobody could log in',
  })

/** The section `admin.oidc`: people who log in at an OpenID provider. */
export const oidcSettings = z.strictObject({
  issuer: endpointUrl().describe(
    "The provider's issuer, such as https://id.example; its metadata is read below it (OpenID Connect Discovery).",
  ),
  clientId: z.string().min(1).max(500).describe('The client that was registered there for this gateway.'),
  clientSecret: secret().optional().describe('Its secret; left out for a public client.'),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, { error: 'a scope has no spaces' }))
    .max(20)
    .default(['openid', 'profile', 'email'])
    .refine((scopes) => scopes.includes('openid'), { error: 'the scope openid must be among them' })
    .describe('What is asked for.'),
  label: z
    .string()
    .min(1)
    .max(60)
    .default('single sign-on')
    .describe('What the button of the dashboard says.'),
  roles: roleSettings.describe('Who may what. Whoever has no value that gives a role is not let in.'),
  ca: certificateAuthority,
})

export type OidcSettings = z.output<typeof oidcSettings>
