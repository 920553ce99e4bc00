import { Fault, type Secret } from '@gateward/kernel'
import { createHash, type KeyObject } from 'node:crypto'
import { associatedData } from '../crypto/associated-data.ts'
import { decryptGcm, encryptGcm } from '../crypto/aes-gcm.ts'
import { deriveKey } from '../crypto/derive-key.ts'
import type { KeyEncryptionKey } from './key-encryption-key.ts'

/**
 * A key-encryption key that is here in memory: AES-256-GCM under it, bound to the context.
 *
 * @param kind where it came from, the first half of its id
 * @param key 32 bytes
 */
export function createLocalKey(kind: string, key: Secret<KeyObject>): KeyEncryptionKey {
  const wrapping = deriveKey(key.reveal(), associatedData('key-encryption'))
  const id = `${kind}:${fingerprint(key.reveal())}`
  return {
    id,
    wrap: (material, context) =>
      Promise.resolve(encryptGcm(wrapping, material, associatedData(context)).toString('base64url')),
    unwrap(wrapped, context) {
      const message = Buffer.from(wrapped, 'base64url')
      const isWhole = message.toString('base64url') === wrapped
      const material = isWhole ? decryptGcm(wrapping, message, associatedData(context)) : undefined
      return material === undefined ? Promise.reject(refused(id, context)) : Promise.resolve(material)
    },
  }
}

/** Tells keys apart without telling anything of them. */
function fingerprint(key: KeyObject): string {
  const derived = deriveKey(key, associatedData('fingerprint')).export()
  return createHash('sha256').update(derived).digest('hex').slice(0, 8)
}

function refused(id: string, context: string): Fault {
  return new Fault(
    'KEK_REFUSED',
    `the key-encryption key ${id} has not wrapped ${context}, or it was changed`,
    {
      source: 'gateway',
    },
  )
}
