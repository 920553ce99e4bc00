import type { IssuerSettings } from '../settings.ts'
import type { TokenHeader } from './token-header.ts'

type Claims = Readonly<Record<string, unknown>>

/** Says why a token's claims are not accepted, or `undefined`. `now` in milliseconds since the Unix epoch. */
export type ClaimsCheck = (header: TokenHeader, claims: Claims, now: number) => string | undefined

/** Compiles what one issuer's tokens must claim (RFC 7519 section 4.1, RFC 9068 section 4). */
export function compileClaimsCheck(settings: IssuerSettings): ClaimsCheck {
  const audience = new Set(settings.audience)
  return (header, claims, now) =>
    wrongType(settings.tokenType, header.type, claims) ??
    wrongTime(settings, claims, now / 1_000) ??
    wrongAudience(audience, claims['aud'])
}

function wrongType(
  policy: IssuerSettings['tokenType'],
  type: string | undefined,
  claims: Claims,
): string | undefined {
  if (type === 'at+jwt') return undefined
  if (policy === 'at+jwt') return 'the typ is not at+jwt'
  if (type !== undefined && type !== 'jwt') return 'the typ is neither at+jwt nor JWT'
  return isIdToken(claims)
    ? 'it is an ID token, which tells a client who logged in and opens no API'
    : undefined
}

// OpenID Connect Core 1.0 section 3.1.3.6 and 3.3.2.11 for the hashes; the others are how Keycloak and Cognito say it.
function isIdToken(claims: Claims): boolean {
  return (
    claims['at_hash'] !== undefined ||
    claims['c_hash'] !== undefined ||
    claims['typ'] === 'ID' ||
    claims['token_use'] === 'id'
  )
}

function wrongTime(settings: IssuerSettings, claims: Claims, now: number): string | undefined {
  const { exp, nbf, iat } = claims
  const leeway = settings.leeway / 1_000
  if (!isNumericDate(exp)) return 'exp is missing or not a number'
  if (exp + leeway <= now) return 'it has expired'
  if (nbf !== undefined && !isNumericDate(nbf)) return 'nbf is not a number'
  if (nbf !== undefined && nbf > now + leeway) return 'it is not valid yet'
  if (iat !== undefined && !isNumericDate(iat)) return 'iat is not a number'
  if (iat !== undefined && iat > now + leeway) return 'it was issued in the future'
  // Without iat what is left of its life must do: it can only be shorter than the whole.
  return exp - (iat ?? now) > settings.maxLifetime / 1_000 ? 'it lives longer than allowed' : undefined
}

// RFC 7519 section 2: seconds since the epoch, possibly with a fraction.
function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function wrongAudience(accepted: ReadonlySet<string>, audience: unknown): string | undefined {
  if (typeof audience === 'string') return accepted.has(audience) ? undefined : 'it is for another audience'
  if (!Array.isArray(audience)) return 'aud is missing'
  return audience.some((name) => typeof name === 'string' && accepted.has(name))
    ? undefined
    : 'it is for another audience'
}
