import { createPublicKey, type KeyObject, type webcrypto } from 'node:crypto'
import { isRocaModulus } from './roca.ts'

/** The algorithms a token may be signed with (RFC 7518 section 3.1, RFC 8037, RFC 9864). All are asymmetric. */
export const signatureAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

export type SignatureAlgorithm = (typeof signatureAlgorithms)[number]

/** A public key and what it may verify. */
export interface VerificationKey {
  readonly kid: string | undefined
  /** One algorithm where the key names it, else those that its type is for. */
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly key: KeyObject
}

/**
 * What a member of a set is worth: `secret` must not be in a published set at all, `unusable` is for something else or
 * too weak, and the others of the set stand.
 */
export type JsonWebKeyReading =
  | { readonly kind: 'usable'; readonly key: VerificationKey }
  | { readonly kind: 'unusable'; readonly reason: string }
  | { readonly kind: 'secret'; readonly reason: string }

/** Reads one JSON Web Key (RFC 7517 section 4) as a key that verifies signatures. */
export function readJsonWebKey(value: unknown): JsonWebKeyReading {
  if (!isRecord(value)) return unusable('it is not an object')
  const { kty, kid, alg } = value
  if (kty === 'oct' || 'k' in value)
    return { kind: 'secret', reason: 'it is a shared secret, which anyone who reads the set could sign with' }
  if (privateMembers.some((name) => name in value))
    return { kind: 'secret', reason: 'it holds a private key' }
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > maximumKidLength))
    return unusable(`its kid is not a text of at most ${maximumKidLength} characters`)
  const use = wrongUse(value)
  if (use !== undefined) return unusable(use)
  const fitting = fittingAlgorithms(value)
  if (fitting === undefined)
    return unusable(`its type ${describe(kty)} ${describe(value['crv'])} is not supported`)
  if (alg !== undefined && !fitting.some((algorithm) => algorithm === alg))
    return unusable(`its alg ${describe(alg)} does not go with its type`)
  const imported = importPublicKey(value)
  if (typeof imported === 'string') return unusable(imported)
  const algorithms = alg === undefined ? fitting : [alg as SignatureAlgorithm]
  return { kind: 'usable', key: { kid, algorithms, key: imported } }
}

/** Longer key ids are not looked at, in keys and in tokens. */
export const maximumKidLength = 256

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth']

// RFC 7517 sections 4.2 and 4.3: what is said must allow verifying; nothing said allows it.
function wrongUse({ use, key_ops: operations }: Record<string, unknown>): string | undefined {
  if (use !== undefined && use !== 'sig') return `its use is ${describe(use)}, not "sig"`
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify')))
    return 'its key_ops do not include "verify"'
  return undefined
}

function fittingAlgorithms({ kty, crv }: Record<string, unknown>): readonly SignatureAlgorithm[] | undefined {
  if (kty === 'RSA') return rsaAlgorithms
  if (typeof crv !== 'string') return undefined
  if (kty === 'EC') return curveAlgorithms.get(crv)
  return kty === 'OKP' && crv === 'Ed25519' ? edwardsAlgorithms : undefined
}

const rsaAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const
const edwardsAlgorithms = ['EdDSA', 'Ed25519'] as const
const curveAlgorithms: ReadonlyMap<string, readonly SignatureAlgorithm[]> = new Map([
  ['P-256', ['ES256']],
  ['P-384', ['ES384']],
  ['P-521', ['ES512']],
])

function importPublicKey(value: Record<string, unknown>): KeyObject | string {
  const { kty, n, e, crv, x, y } = value
  const weakness = kty === 'RSA' ? rsaWeakness(n, e) : undefined
  if (weakness !== undefined) return weakness
  const members = kty === 'RSA' ? { kty, n, e } : kty === 'EC' ? { kty, crv, x, y } : { kty, crv, x }
  if (!Object.values(members).every((member) => typeof member === 'string' && isBase64url(member)))
    return 'a member is missing or not base64url'
  try {
    // OpenSSL refuses a point that is not on its curve.
    return createPublicKey({ key: members as webcrypto.JsonWebKey, format: 'jwk' })
  } catch {
    return 'its members make no key'
  }
}

// The upper bounds keep a hostile issuer from making each verification take seconds.
function rsaWeakness(n: unknown, e: unknown): string | undefined {
  if (typeof n !== 'string' || typeof e !== 'string' || !isBase64url(n) || !isBase64url(e))
    return 'a member is missing or not base64url'
  const bits = bitLength(n)
  if (bits < 2048) return `its modulus has ${bits} bits; fewer than 2048 can be factored`
  if (bits > 8192) return `its modulus has ${bits} bits; more than 8192 take too long`
  const exponentBits = bitLength(e)
  const exponent = Number(toInteger(e))
  if (exponentBits > 32 || exponent < 65_537 || exponent % 2 === 0) return 'its exponent is weak'
  if (isRocaModulus(toInteger(n)))
    return 'its modulus comes from a generator whose keys can be factored (CVE-2017-15361)'
  return undefined
}

function bitLength(base64url: string): number {
  const value = toInteger(base64url)
  return value === 0n ? 0 : value.toString(2).length
}

function toInteger(base64url: string): bigint {
  const hexadecimal = Buffer.from(base64url.slice(0, maximumNumberLength), 'base64url').toString('hex')
  return BigInt(`0x${hexadecimal === '' ? '0' : hexadecimal}`)
}

// 16384 bits: longer numbers are refused anyway, and need not be turned into integers whole.
const maximumNumberLength = 2_732

function isBase64url(text: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(text)
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : typeof value
}

function unusable(reason: string): JsonWebKeyReading {
  return { kind: 'unusable', reason }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
