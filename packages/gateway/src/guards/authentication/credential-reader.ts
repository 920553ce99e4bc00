import type { Exchange } from '../../exchange/exchange.ts'
import type { ApiKeys, ApiKeyVerdict } from '../../keyring/api-keys.ts'
import type { ApiKeyPlace, CredentialSource, CredentialVerdict } from './credential.ts'
import type { TokenVerifier } from './jwt/token-verifier.ts'
import {
  ambiguous,
  presentedInCookie,
  presentedInHeader,
  presentedInQuery,
  type Presented,
} from './presented.ts'

/** Finds and verifies the credential of one place; `undefined` where none was presented. */
export type CredentialReader = (
  exchange: Exchange,
) => CredentialVerdict | undefined | Promise<CredentialVerdict | undefined>

/** What credentials are verified with. */
export interface CredentialVerifiers {
  readonly apiKeys: ApiKeys
  readonly tokens: TokenVerifier
}

/** Compiles the reader of a place. */
export function compileCredentialReader(
  source: CredentialSource,
  { apiKeys, tokens }: CredentialVerifiers,
): CredentialReader {
  return source.kind === 'bearer' ? bearerReader(tokens) : apiKeyReader(source, apiKeys)
}

function bearerReader(tokens: TokenVerifier): CredentialReader {
  return (exchange) => {
    const presented = presentedInHeader(exchange, 'authorization')
    if (presented === undefined) return undefined
    if (presented === ambiguous) return twice
    const token = readBearer(presented)
    return token === undefined ? notBearer : tokens.verify(token)
  }
}

// RFC 9110 section 11.4 and RFC 6750 section 2.1: the scheme in any case, spaces, one token.
function readBearer(value: string): string | undefined {
  if (value.slice(0, 7).toLowerCase() !== 'bearer ') return undefined
  const token = value.slice(7).trim()
  return token === '' || token.includes(' ') ? undefined : token
}

function apiKeyReader(source: ApiKeyPlace, apiKeys: ApiKeys): CredentialReader {
  const read = presentedReader(source)
  const consumed = consumedNames[source.in]
  const { name } = source
  return (exchange) => {
    const presented = read(exchange)
    if (presented === undefined) return undefined
    // The service has no use for it, and must not have it in its log.
    exchange[consumed].push(name)
    if (presented === ambiguous) return twice
    const verdict = apiKeys.verify(presented)
    return verdict instanceof Promise ? verdict.then(toCredential) : toCredential(verdict)
  }
}

function presentedReader({ in: place, name }: ApiKeyPlace): (exchange: Exchange) => Presented {
  const read = placeReaders[place]
  return (exchange) => read(exchange, name)
}

/** How each place is read. */
export const placeReaders = {
  header: presentedInHeader,
  query: presentedInQuery,
  cookie: presentedInCookie,
}

/** Where an exchange keeps the names of what is not to be forwarded. */
export const consumedNames = {
  header: 'consumedHeaders',
  query: 'consumedQuery',
  cookie: 'consumedCookies',
} as const

function toCredential(verdict: ApiKeyVerdict): CredentialVerdict {
  return verdict.kind === 'known'
    ? { kind: 'api-key', key: verdict.key }
    : { kind: 'refused', reason: `API key: ${verdict.refusal}` }
}

const twice: CredentialVerdict = { kind: 'refused', reason: 'a credential was presented twice' }
const notBearer: CredentialVerdict = { kind: 'refused', reason: 'Authorization is not one bearer token' }
