import type { Clock } from '@gateward/kernel'
import { hash, type KeyObject } from 'node:crypto'
import type { IssuerKeys, IssuerKeySet } from '../../../keyring/issuer-keys.ts'
import type { IssuerSettings } from '../settings.ts'
import { compileClaimsCheck, type ClaimsCheck } from './check-claims.ts'
import { claimReader, toWords } from './claim.ts'
import { readCompactToken, type CompactToken } from './compact-token.ts'
import { readJsonPart } from './json-part.ts'
import { readTokenHeader, type TokenHeader } from './token-header.ts'
import { verifySignature } from './verify-signature.ts'

type Claims = Readonly<Record<string, unknown>>

/** A token that was verified on this request. */
export interface VerifiedToken {
  readonly kind: 'token'
  /** `<issuer>|<subject>`. */
  readonly consumer: string
  readonly subject: string
  readonly tier: string | undefined
  readonly scopes: ReadonlySet<string>
  readonly roles: ReadonlySet<string>
  readonly claims: Claims
  /** A hash of what was signed: the same token has the same one, and it cannot be turned back. */
  readonly fingerprint: string
}

/** Why a token is not accepted; for the log. */
export interface RefusedToken {
  readonly kind: 'refused'
  readonly reason: string
}

export type TokenVerdict = VerifiedToken | RefusedToken

/** Verifies access tokens (RFC 7519, RFC 8725, RFC 9068) of the configured issuers. */
export interface TokenVerifier {
  /**
   * Verifies the signature every time; answers at once where the issuer's keys are there.
   *
   * @throws Fault `AUTHENTICATION_UNAVAILABLE` where the issuer's keys were never had
   */
  verify(token: string): TokenVerdict | Promise<TokenVerdict>
}

/** What tokens are verified with. */
export interface TokenVerifierInput {
  readonly issuers: readonly IssuerSettings[]
  readonly keys: IssuerKeys
  readonly clock: Clock
}

/** Compiles the issuers; the keys of each begin to load. */
export function createTokenVerifier({ issuers, keys, clock }: TokenVerifierInput): TokenVerifier {
  const compiled = new Map(issuers.map((settings) => [settings.issuer, compileIssuer(settings, keys)]))
  const maxSize = Math.max(0, ...issuers.map((settings) => settings.maxSize))
  return {
    verify(text) {
      if (text.length > maxSize) return refused('it is too long')
      const token = readCompactToken(text)
      if (token === undefined) return refused('it is not a signed token in compact form')
      const header = readTokenHeader(token.header)
      if (header.kind === 'refused') return header
      const part = readJsonPart(token.payload)
      if (part.kind === 'refused') return refused(`the claims are ${part.reason}`)
      const claims = part.members
      // The issuer before the keys: a key only ever speaks for the issuer it was published by.
      const issuer = typeof claims['iss'] === 'string' ? compiled.get(claims['iss']) : undefined
      if (issuer === undefined) return refused('its issuer is not known')
      if (text.length > issuer.settings.maxSize) return refused('it is too long')
      return verifyFrom(issuer, header, token, claims, clock)
    },
  }
}

interface Issuer {
  readonly settings: IssuerSettings
  readonly algorithms: ReadonlySet<string>
  readonly keys: IssuerKeySet
  readonly check: ClaimsCheck
  readonly subject: (claims: Claims) => unknown
  readonly scopes: (claims: Claims) => unknown
  readonly roles: (claims: Claims) => unknown
  readonly tier: (claims: Claims) => unknown
}

function compileIssuer(settings: IssuerSettings, keys: IssuerKeys): Issuer {
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

function verifyFrom(
  issuer: Issuer,
  header: TokenHeader,
  token: CompactToken,
  claims: Claims,
  clock: Clock,
): TokenVerdict | Promise<TokenVerdict> {
  if (!issuer.algorithms.has(header.algorithm)) return refused('its issuer does not sign with this alg')
  // Claims before the signature: a flood of old tokens then costs little. Nothing is believed by that, only refused.
  const wrong = issuer.check(header, claims, clock.now())
  if (wrong !== undefined) return refused(wrong)
  const keys = issuer.keys.find(header.kid, header.algorithm)
  return keys instanceof Promise
    ? keys.then((found) => judge(issuer, header, token, claims, found))
    : judge(issuer, header, token, claims, keys)
}

function judge(
  issuer: Issuer,
  header: TokenHeader,
  token: CompactToken,
  claims: Claims,
  keys: readonly KeyObject[],
): TokenVerdict {
  if (keys.length === 0) return refused('its issuer has no such key')
  for (const key of keys) {
    if (verifySignature(header.algorithm, key, token.signingInput, token.signature))
      return toVerified(issuer, token, claims)
  }
  return refused('the signature is wrong')
}

function toVerified(issuer: Issuer, token: CompactToken, claims: Claims): TokenVerdict {
  const subject = issuer.subject(claims)
  if (typeof subject !== 'string' || subject === '' || subject.length > maximumSubjectLength)
    return refused('it names no subject')
  const tier = issuer.tier(claims)
  return {
    kind: 'token',
    consumer: `${issuer.settings.issuer}|${subject}`,
    subject,
    tier: typeof tier === 'string' ? tier : undefined,
    scopes: toWords(issuer.scopes(claims)),
    roles: toWords(issuer.roles(claims)),
    claims,
    fingerprint: hash('sha256', token.signingInput, 'base64url').slice(0, 22),
  }
}

const maximumSubjectLength = 512

function refused(reason: string): RefusedToken {
  return { kind: 'refused', reason }
}
