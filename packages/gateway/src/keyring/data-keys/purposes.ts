import { ed25519SeedBytes } from '../crypto/ed25519.ts'
import { sivKeyBytes } from '../crypto/aes-siv.ts'
import { gcmMessageLimit } from '../crypto/aes-gcm.ts'

/** What a key is made of and how often it may be used. */
interface AlgorithmEntry {
  /** Bytes of key material. */
  readonly bytes: number
  /** Messages after which the key must not be used any more. */
  readonly limit: number
}

/** The algorithms of data keys: AES-256-GCM, AES-256-SIV, HMAC-SHA-256, Ed25519. */
export const algorithms = {
  A256GCM: { bytes: 32, limit: gcmMessageLimit },
  // RFC 5297 section 7: what comes near to 2^48 messages could tell two of them apart by chance.
  A256SIV: { bytes: sivKeyBytes, limit: 2 ** 48 },
  HS256: { bytes: 32, limit: Number.MAX_SAFE_INTEGER },
  Ed25519: { bytes: ed25519SeedBytes, limit: Number.MAX_SAFE_INTEGER },
} as const satisfies Readonly<Record<string, AlgorithmEntry>>

export type DataKeyAlgorithm = keyof typeof algorithms

interface PurposeEntry {
  readonly algorithm: DataKeyAlgorithm
  /** By what it is replaced: a new key for an index, or for texts that are searched for, does not find what was written before. */
  readonly rotates: 'schedule' | 'hand' | 'never'
  readonly meaning: string
}

/** What data keys are for; each purpose has its own, so that none can be used for two things. */
export const purposes = {
  store: {
    algorithm: 'A256GCM',
    rotates: 'schedule',
    meaning: 'what is sensitive in the gateway’s own store',
  },
  'store-index': { algorithm: 'HS256', rotates: 'never', meaning: 'finding sealed values of the store' },
  fields: { algorithm: 'A256GCM', rotates: 'schedule', meaning: 'fields of the APIs behind the gateway' },
  'fields-deterministic': {
    algorithm: 'A256SIV',
    rotates: 'hand',
    meaning: 'fields that must be found by their value',
  },
  'fields-index': { algorithm: 'HS256', rotates: 'hand', meaning: 'finding encrypted fields by their value' },
  audit: { algorithm: 'Ed25519', rotates: 'schedule', meaning: 'signing the audit trail' },
} as const satisfies Readonly<Record<string, PurposeEntry>>

export type DataKeyPurpose = keyof typeof purposes

/** Every purpose, in the order in which people read them. */
export const allPurposes = Object.keys(purposes) as readonly DataKeyPurpose[]

/** Whether a text names a purpose. */
export function isPurpose(text: string): text is DataKeyPurpose {
  return Object.hasOwn(purposes, text)
}
