import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import type { DataKeyRecord } from '../../store/data-key-store.ts'
import type { DataKey } from './data-key.ts'
import type { Signer } from './data-keys.ts'

/** The public halves of signing keys, by key id. */
export type PublicKeys = ReadonlyMap<string, KeyObject>

/** Reads the public keys of records, of destroyed ones too. */
export function readPublicKeys(records: readonly DataKeyRecord[]): PublicKeys {
  return new Map(
    records.flatMap(({ id, publicKey }) =>
      publicKey === undefined
        ? []
        : [[id, createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })]],
    ),
  )
}

/** A signer that follows rotation: it asks for its key and for the public ones whenever it is used. */
export function createSigner(active: () => DataKey, publicKeys: () => PublicKeys): Signer {
  return {
    get keyId() {
      return active().id
    },
    sign(bytes) {
      const key = active()
      key.countMessage()
      return sign(null, bytes, key.secret.reveal())
    },
    verify(keyId, bytes, signature) {
      const key = publicKeys().get(keyId)
      return key !== undefined && verify(null, bytes, key, signature)
    },
    publicKeys: () =>
      new Map([...publicKeys()].map(([id, key]) => [id, key.export({ format: 'pem', type: 'spki' })])),
  }
}
