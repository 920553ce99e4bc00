import type { Clock } from '@gateward/kernel'
import { randomBytes } from 'node:crypto'
import type { DataKeyRecord, DataKeyStore } from '../../store/data-key-store.ts'
import { randomBase62 } from '../base62.ts'
import { ed25519FromSeed } from '../crypto/ed25519.ts'
import type { KeyEncryptionKey } from '../providers/key-encryption-key.ts'
import { algorithms, purposes, type DataKeyPurpose } from './purposes.ts'

/** What a new data key is made with. */
export interface DataKeyMaking {
  readonly store: DataKeyStore
  readonly kek: KeyEncryptionKey
  readonly clock: Clock
}

/**
 * Makes a data key and puts it in the place of `predecessor`; `undefined` where another process was faster, and then
 * nothing has changed.
 *
 * @throws Fault `KEK_UNAVAILABLE` where it cannot be wrapped
 */
export async function createDataKey(
  { store, kek, clock }: DataKeyMaking,
  purpose: DataKeyPurpose,
  predecessor: string | undefined,
): Promise<DataKeyRecord | undefined> {
  const { algorithm } = purposes[purpose]
  const id = `dk_${randomBase62(12)}`
  const material = randomBytes(algorithms[algorithm].bytes)
  const wrapped = await kek.wrap(material, wrappingContext({ id, purpose, algorithm }))
  const now = clock.now()
  const record: DataKeyRecord = {
    id,
    purpose,
    algorithm,
    state: 'active',
    createdAt: now,
    changedAt: now,
    usedAt: undefined,
    messages: 0,
    wrapped,
    kek: kek.id,
    publicKey:
      algorithm === 'Ed25519'
        ? ed25519FromSeed(material).publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
        : undefined,
  }
  // What the random bytes stood in; the wrapped key is all that is left of them here.
  material.fill(0)
  return (await store.succeed(record, predecessor)) ? record : undefined
}

/** What a key is wrapped for: a record with another id, purpose or algorithm cannot be given its material. */
export function wrappingContext(record: Pick<DataKeyRecord, 'id' | 'purpose' | 'algorithm'>): string {
  return `gateward data key ${record.id} ${record.purpose} ${record.algorithm}`
}
