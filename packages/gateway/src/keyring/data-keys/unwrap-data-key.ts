import { Fault, Secret } from '@gateward/kernel'
import { createSecretKey, type KeyObject } from 'node:crypto'
import type { DataKeyRecord } from '../../store/data-key-store.ts'
import { ed25519FromSeed } from '../crypto/ed25519.ts'
import type { KeyEncryptionKey } from '../providers/key-encryption-key.ts'
import { wrappingContext } from './create-data-key.ts'
import { algorithms } from './purposes.ts'

/**
 * The key of a record, by whichever of `keks` wrapped it.
 *
 * @throws Fault `KEK_UNAVAILABLE` or `KEK_REFUSED`
 */
export async function unwrapDataKey(
  record: DataKeyRecord,
  keks: readonly KeyEncryptionKey[],
): Promise<Secret<KeyObject>> {
  const material = await unwrapMaterial(record, keks)
  const key =
    record.algorithm === 'Ed25519' ? ed25519FromSeed(material).privateKey : createSecretKey(material)
  material.fill(0)
  return new Secret(key)
}

/** The bytes of a record's key; the caller overwrites them when they are done with. */
export async function unwrapMaterial(
  record: DataKeyRecord,
  keks: readonly KeyEncryptionKey[],
): Promise<Buffer> {
  const kek = keks.find(({ id }) => id === record.kek)
  if (kek === undefined || record.wrapped === undefined) throw noSuchKek(record, keks)
  const material = await kek.unwrap(record.wrapped, wrappingContext(record))
  if (material.length === algorithms[record.algorithm].bytes) return material
  throw new Fault('KEK_REFUSED', `the data key ${record.id} has ${material.length} bytes, not its own`, {
    source: 'gateway',
  })
}

function noSuchKek({ id, kek }: DataKeyRecord, keks: readonly KeyEncryptionKey[]): Fault {
  const known = keks.map(({ id }) => id).join(', ')
  return new Fault(
    'KEK_REFUSED',
    `the data key ${id} is wrapped by ${kek}, and the configuration names ${known}; ` +
      'bring that key-encryption key back, or name it in keyring.former',
    { source: 'gateway' },
  )
}
