import { constants, verify, type KeyObject } from 'node:crypto'
import type { SignatureAlgorithm } from '../../../keyring/json-web-key.ts'

/**
 * Whether `signature` over `signingInput` was made with the private half of `key` (RFC 7518 section 3, RFC
 * 8037 section 3.1). The algorithm decides padding, hash and length; nothing in the token does.
 */
export function verifySignature(
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  signingInput: Buffer,
  signature: Buffer,
): boolean {
  const scheme = schemes[algorithm]
  if (key.asymmetricKeyType !== scheme.keyType) return false
  // OpenSSL takes shorter and longer halves of an ECDSA signature; RFC 7518 section 3.4 has one length.
  if (scheme.length !== undefined && signature.length !== scheme.length) return false
  return verify(scheme.digest, signingInput, { key, ...scheme.options }, signature)
}

interface SignatureScheme {
  readonly keyType: 'rsa' | 'ec' | 'ed25519'
  /** `null`: the scheme hashes by itself. */
  readonly digest: 'sha256' | 'sha384' | 'sha512' | null
  /** Bytes of a signature, where the algorithm alone decides them. */
  readonly length: number | undefined
  readonly options: {
    readonly padding?: number
    readonly saltLength?: number
    readonly dsaEncoding?: 'ieee-p1363'
  }
}

const pkcs1 = { padding: constants.RSA_PKCS1_PADDING }
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
const concatenated = { dsaEncoding: 'ieee-p1363' } as const
const edwards: SignatureScheme = { keyType: 'ed25519', digest: null, length: 64, options: {} }

const schemes: Readonly<Record<SignatureAlgorithm, SignatureScheme>> = {
  RS256: { keyType: 'rsa', digest: 'sha256', length: undefined, options: pkcs1 },
  RS384: { keyType: 'rsa', digest: 'sha384', length: undefined, options: pkcs1 },
  RS512: { keyType: 'rsa', digest: 'sha512', length: undefined, options: pkcs1 },
  PS256: { keyType: 'rsa', digest: 'sha256', length: undefined, options: pss },
  PS384: { keyType: 'rsa', digest: 'sha384', length: undefined, options: pss },
  PS512: { keyType: 'rsa', digest: 'sha512', length: undefined, options: pss },
  ES256: { keyType: 'ec', digest: 'sha256', length: 64, options: concatenated },
  ES384: { keyType: 'ec', digest: 'sha384', length: 96, options: concatenated },
  ES512: { keyType: 'ec', digest: 'sha512', length: 132, options: concatenated },
  EdDSA: edwards,
  Ed25519: edwards,
}
