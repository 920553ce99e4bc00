import type { Known, UsedCredential } from '../../exchange/principal.ts'
import type { ApiKeyStanding } from '../../keyring/api-keys.ts'
import type { VerifiedCredential } from './credential.ts'
import { identityHeaders } from './identity-headers.ts'
import type { VerifiedToken } from './jwt/token-verdict.ts'

/** Who a request comes from, and how the service behind the gateway is told. */
export interface Identity {
  readonly principal: Known
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** A verified credential and the name of the security scheme that asked for it. */
export interface ShownCredential {
  readonly scheme: string
  readonly credential: VerifiedCredential
}

/**
 * Whom credentials that are needed together stand for: the one who acts is in the token, if there is one; a key beside
 * it says through which application. Rights are never added up: those of the token count.
 */
export function toIdentity(shown: readonly [ShownCredential, ...ShownCredential[]]): Identity {
  const [first] = shown
  if (shown.length === 1) return singleIdentity(first)
  const main = shown.find(({ credential }) => credential.kind === 'token') ?? first
  const others = shown.filter((other) => other !== main)
  const principal: Known = {
    ...singleIdentity(main).principal,
    credentials: [main, ...others].map(toUsed),
  }
  return { principal, headers: identityHeaders(principal) }
}

function singleIdentity(shown: ShownCredential): Identity {
  const { credential, scheme } = shown
  const source = credential.kind === 'token' ? credential : credential.key
  const known = identities.get(source)
  if (known !== undefined && known.principal.credentials[0]?.scheme === scheme) return known
  const used = toUsed(shown)
  const identity = withHeaders(
    credential.kind === 'token' ? fromToken(credential, used) : fromKey(credential.key, used),
  )
  identities.set(source, identity)
  return identity
}

// A key's standing is one object for as long as it is cached, and a new one after any change of the key; what a token
// says is one object for as long as its reading is kept.
const identities = new WeakMap<ApiKeyStanding | VerifiedToken, Identity>()

function withHeaders(principal: Known): Identity {
  return { principal, headers: identityHeaders(principal) }
}

function fromKey(key: ApiKeyStanding, used: UsedCredential): Known {
  return {
    kind: 'known',
    consumer: key.consumer,
    label: key.label,
    tier: key.tier,
    scopes: key.scopes,
    roles: key.roles,
    claims: key.attributes,
    credentials: [used],
  }
}

function fromToken(token: VerifiedToken, used: UsedCredential): Known {
  return {
    kind: 'known',
    consumer: token.consumer,
    label: token.subject,
    tier: token.tier,
    scopes: token.scopes,
    roles: token.roles,
    claims: token.claims,
    credentials: [used],
  }
}

function toUsed({ scheme, credential }: ShownCredential): UsedCredential {
  return credential.kind === 'token'
    ? {
        kind: 'jwt',
        scheme,
        id: credential.fingerprint,
        display: `token ${credential.fingerprint.slice(0, 8)}…`,
      }
    : { kind: 'api-key', scheme, id: credential.key.id, display: credential.key.display }
}
