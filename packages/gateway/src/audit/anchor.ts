import { createPublicKey, verify } from 'node:crypto'
import { z } from 'zod'
import type { Signer } from '../keyring/data-keys/data-keys.ts'
import type { AuditStore } from '../store/audit-store.ts'
import { sealedBytes } from './audit-log.ts'
import { canonicalJson } from './canonical-json.ts'
import type { KnownHead } from './verify-chain.ts'

const anchorSchema = z.strictObject({
  gateward: z.literal('audit-anchor'),
  number: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.int(),
  keyId: z.string(),
  signature: z.string(),
  /** Of the key that signed, so that nobody needs the gateway to check it. */
  publicKey: z.string(),
  /** A timestamp (RFC 3161) over the statement, base64, and the authority that gave it. */
  timestamp: z.strictObject({ authority: z.string(), response: z.string() }).optional(),
})

/** The end of the audit log at one moment, signed, to be kept where nobody who can change the log can change it. */
export type Anchor = z.infer<typeof anchorSchema>

/**
 * Makes an anchor of the newest row that is signed; `undefined` where none is.
 *
 * @param signer knows the public keys
 */
export async function makeAnchor(
  store: AuditStore,
  signer: Pick<Signer, 'publicKeys'>,
): Promise<Anchor | undefined> {
  const seal = await store.lastSeal()
  const publicKey = seal === undefined ? undefined : signer.publicKeys().get(seal.keyId)
  return seal === undefined || publicKey === undefined
    ? undefined
    : { gateward: 'audit-anchor', ...seal, publicKey }
}

/** What a timestamp of an anchor is over. */
export function anchorStatement({ number, hash, at, keyId, signature, publicKey }: Anchor): Buffer {
  return Buffer.from(canonicalJson({ number, hash, at, keyId, signature, publicKey }))
}

/** Reads an anchor; a reason why it is none, where it is none or its signature is not good. */
export function readAnchor(text: string): Anchor | string {
  const reading = anchorSchema.safeParse(parse(text))
  if (!reading.success) return 'it is no anchor of an audit log'
  const anchor = reading.data
  return isSigned(anchor) ? anchor : 'its signature is not good: it was changed'
}

/** What a check of the log compares with. */
export function toKnownHead({ number, hash }: Anchor, source: string): KnownHead {
  return { number, hash, source }
}

function isSigned(anchor: Anchor): boolean {
  try {
    const key = createPublicKey(anchor.publicKey)
    return verify(null, sealedBytes(anchor), key, Buffer.from(anchor.signature, 'base64url'))
  } catch {
    return false
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
