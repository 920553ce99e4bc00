import { GenerationCache } from '../../../keyring/generation-cache.ts'
import type { Issuer } from './compile-issuer.ts'
import { readCompactToken } from './compact-token.ts'
import { readJsonPart } from './json-part.ts'
import { readTokenHeader, type TokenHeader } from './token-header.ts'
import { refused, type RefusedToken, type VerifiedToken } from './token-verdict.ts'

/** A token that was taken apart and read; nothing of it is believed yet. */
export interface ReadToken {
  readonly kind: 'read'
  readonly issuer: Issuer
  readonly header: TokenHeader
  readonly claims: Readonly<Record<string, unknown>>
  readonly signingInput: Buffer
  readonly signature: Buffer
  /** Whom it stands for where it is good. */
  identity: VerifiedToken | RefusedToken | undefined
}

/**
 * Takes tokens apart. A client shows the same token with every request, so the reading of one whose signature was good is
 * kept: by the whole text, so that no other token is ever taken for it. What is kept is only what the text says; whether it
 * is believed is decided anew each time.
 */
export class TokenReader {
  readonly #issuers: ReadonlyMap<string, Issuer>
  readonly #longest: number
  readonly #kept = new GenerationCache<ReadToken>(keptTokens)

  constructor(issuers: ReadonlyMap<string, Issuer>) {
    this.#issuers = issuers
    this.#longest = Math.max(0, ...[...issuers.values()].map(({ settings }) => settings.maxSize))
  }

  read(text: string): ReadToken | RefusedToken {
    if (text.length > this.#longest) return refused('it is too long')
    return this.#kept.get(text) ?? this.#takeApart(text)
  }

  /** Keeps the reading of a token whose signature is good: made-up ones cannot push others out. */
  keep(text: string, token: ReadToken): void {
    if (text.length > longestKept) return
    deepFreeze(token.claims)
    const { signingInput, signature } = token
    this.#kept.set(text, { ...token, signingInput: ownCopy(signingInput), signature: ownCopy(signature) })
  }

  #takeApart(text: string): ReadToken | RefusedToken {
    const token = readCompactToken(text)
    if (token === undefined) return refused('it is not a signed token in compact form')
    const header = readTokenHeader(token.header)
    if (header.kind === 'refused') return header
    const part = readJsonPart(token.payload)
    if (part.kind === 'refused') return refused(`the claims are ${part.reason}`)
    const claims = part.members
    // The issuer before the keys: a key only ever speaks for the issuer it was published by.
    const issuer = typeof claims['iss'] === 'string' ? this.#issuers.get(claims['iss']) : undefined
    if (issuer === undefined) return refused('its issuer is not known')
    if (text.length > issuer.settings.maxSize) return refused('it is too long')
    const { signingInput, signature } = token
    return { kind: 'read', issuer, header, claims, signingInput, signature, identity: undefined }
  }
}

/** Tokens of one generation, two of which are held; with the length, some 30 MB of the largest tokens and 6 MB of usual ones. */
const keptTokens = 1_000
const longestKept = 4_096

// A slice of the shared pool would keep all of the pool's slab alive.
function ownCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(copy)
  return copy
}

// Many requests share the claims from now on; who changed them in one would change them in all. Their depth was bounded.
function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  Object.freeze(value)
  for (const member of Object.values(value)) deepFreeze(member)
}
