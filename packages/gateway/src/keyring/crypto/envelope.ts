import { Fault } from '@gateward/kernel'
import type { DataKey } from '../data-keys/data-key.ts'
import { associatedData } from './associated-data.ts'
import { decryptGcm, encryptGcm } from './aes-gcm.ts'
import { decryptSiv, encryptSiv } from './aes-siv.ts'

/** How every envelope begins. */
export const envelopePrefix = 'enc:v1:'

/**
 * Encrypts under a data key as `enc:v1:<key id>:<base64url>`. The key id and what the text belongs to are authenticated:
 * an envelope that was moved, changed, or given another key id cannot be opened.
 *
 * @param place what it belongs to; the same must be named to open it
 * @throws Fault `DATA_KEY_EXHAUSTED` where the key has encrypted all the messages it may
 */
export function sealEnvelope(key: DataKey, plaintext: Uint8Array, place: Uint8Array): string {
  key.countMessage()
  const associated = bind(key, place)
  const message = isSiv(key)
    ? encryptSiv(key.secret.reveal(), Buffer.concat([sivMark, plaintext]), associated)
    : encryptGcm(key.secret.reveal(), plaintext, associated)
  return `${envelopePrefix}${key.id}:${message.toString('base64url')}`
}

/** What an envelope says of itself before it is opened; `undefined` where the text is none. */
export function parseEnvelope(
  text: string,
): { readonly keyId: string; readonly message: Buffer } | undefined {
  if (!text.startsWith(envelopePrefix)) return undefined
  const colon = text.indexOf(':', envelopePrefix.length)
  if (colon < 0) return undefined
  const encoded = text.slice(colon + 1)
  const message = Buffer.from(encoded, 'base64url')
  // Only the one right spelling, so that no character can be changed unnoticed.
  if (message.length === 0 || message.toString('base64url') !== encoded) return undefined
  return { keyId: text.slice(envelopePrefix.length, colon), message }
}

/**
 * Opens an envelope.
 *
 * @param keys finds the key that the envelope names, or throws
 * @throws Fault `ENVELOPE_UNREADABLE` where it is malformed, was changed, or belongs to another place
 */
export function openEnvelope(keys: { byId(id: string): DataKey }, text: string, place: Uint8Array): Buffer {
  const envelope = parseEnvelope(text)
  if (envelope === undefined) throw unreadable('it is no envelope')
  const key = keys.byId(envelope.keyId)
  const associated = bind(key, place)
  const plaintext = isSiv(key)
    ? decryptSiv(key.secret.reveal(), envelope.message, associated)?.subarray(sivMark.length)
    : decryptGcm(key.secret.reveal(), envelope.message, associated)
  if (plaintext === undefined) throw unreadable('it was changed, or moved from the place it was made for')
  return plaintext
}

/** Whether the algorithm of a key is the deterministic one; keys that sign or index seal nothing. */
function isSiv({ id, algorithm }: DataKey): boolean {
  if (algorithm === 'A256GCM') return false
  if (algorithm === 'A256SIV') return true
  throw unreadable(`the key ${id} is not for encryption`)
}

// One byte before every deterministic plaintext, so that an empty text can be encrypted too.
const sivMark = Buffer.of(1)

// Places are made once and used again and again; what was put together for one goes with it.
const bound = new WeakMap<DataKey, WeakMap<Uint8Array, Buffer>>()

function bind(key: DataKey, place: Uint8Array): Buffer {
  let places = bound.get(key)
  if (places === undefined) bound.set(key, (places = new WeakMap()))
  const known = places.get(place)
  if (known !== undefined) return known
  const associated = Buffer.concat([associatedData(envelopePrefix, key.id), place])
  places.set(place, associated)
  return associated
}

function unreadable(reason: string): Fault {
  return new Fault('ENVELOPE_UNREADABLE', `an encrypted value cannot be read: ${reason}`, {
    source: 'gateway',
  })
}
