import type { IssuerKeys, IssuerKeySet } from '../../../keyring/issuer-keys.ts'
import type { IssuerSettings } from '../settings.ts'
import { compileClaimsCheck, type ClaimsCheck } from './check-claims.ts'
import { claimReader } from './claim.ts'

type Claims = Readonly<Record<string, unknown>>

/** An issuer of tokens, compiled. */
export interface Issuer {
  readonly settings: IssuerSettings
  readonly algorithms: ReadonlySet<string>
  readonly keys: IssuerKeySet
  readonly check: ClaimsCheck
  readonly subject: (claims: Claims) => unknown
  readonly scopes: (claims: Claims) => unknown
  readonly roles: (claims: Claims) => unknown
  readonly tier: (claims: Claims) => unknown
}

/** Compiles an issuer's settings; its keys begin to load. */
export function compileIssuer(settings: IssuerSettings, keys: IssuerKeys): Issuer {
  const { issuer, jwks, claims } = settings
  return {
    settings,
    algorithms: new Set(settings.algorithms),
    keys: keys.open(jwks ?? { kind: 'discovery', issuer }),
    check: compileClaimsCheck(settings),
    subject: claimReader(claims.subject),
    scopes: claimReader(claims.scope),
    roles: claimReader(claims.roles),
    tier: claims.tier === undefined ? () => undefined : claimReader(claims.tier),
  }
}
