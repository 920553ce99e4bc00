import type { Clock } from '@gateward/kernel'
import { hash, type KeyObject } from 'node:crypto'
import type { IssuerKeys } from '../../../keyring/issuer-keys.ts'
import type { IssuerSettings } from '../settings.ts'
import { toWords } from './claim.ts'
import { compileIssuer } from './compile-issuer.ts'
import { TokenReader, type ReadToken } from './token-reader.ts'
import { refused, type TokenVerdict } from './token-verdict.ts'
import { verifySignature } from './verify-signature.ts'

/** Verifies access tokens (RFC 7519, RFC 8725, RFC 9068) of the configured issuers. */
export interface TokenVerifier {
  /**
   * Verifies the signature, the times and the key every time; answers at once where the issuer's keys are there.
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
export function createTokenVerifier(input: TokenVerifierInput): TokenVerifier {
  return new IssuedTokenVerifier(input)
}

class IssuedTokenVerifier implements TokenVerifier {
  readonly #reader: TokenReader
  readonly #clock: Clock

  constructor({ issuers, keys, clock }: TokenVerifierInput) {
    this.#reader = new TokenReader(
      new Map(issuers.map((settings) => [settings.issuer, compileIssuer(settings, keys)])),
    )
    this.#clock = clock
  }

  verify(text: string): TokenVerdict | Promise<TokenVerdict> {
    const token = this.#reader.read(text)
    if (token.kind === 'refused') return token
    const { issuer, header, claims } = token
    if (!issuer.algorithms.has(header.algorithm)) return refused('its issuer does not sign with this alg')
    // Claims before the signature: a flood of old tokens then costs little. Nothing is believed by that, only refused.
    const wrong = issuer.check(header, claims, this.#clock.now())
    if (wrong !== undefined) return refused(wrong)
    const keys = issuer.keys.find(header.kid, header.algorithm)
    return keys instanceof Promise
      ? keys.then((found) => this.#judge(text, token, found))
      : this.#judge(text, token, keys)
  }

  #judge(text: string, token: ReadToken, keys: readonly KeyObject[]): TokenVerdict {
    if (keys.length === 0) return refused('its issuer has no such key')
    const { header, signingInput, signature } = token
    for (const key of keys) {
      if (!verifySignature(header.algorithm, key, signingInput, signature)) continue
      return token.identity ?? this.#learn(text, token)
    }
    return refused('the signature is wrong')
  }

  #learn(text: string, token: ReadToken): TokenVerdict {
    const identity = identify(token)
    token.identity = identity
    this.#reader.keep(text, token)
    return identity
  }
}

function identify({ issuer, claims, signingInput }: ReadToken): TokenVerdict {
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
    fingerprint: hash('sha256', signingInput, 'base64url').slice(0, 22),
  }
}

const maximumSubjectLength = 512
