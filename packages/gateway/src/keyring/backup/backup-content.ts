import { z } from 'zod'
import type { DataKeyRecord } from '../../store/data-key-store.ts'
import type { LockedStore } from '../../store/store.ts'
import { algorithms, isPurpose, type DataKeyAlgorithm, type DataKeyPurpose } from '../data-keys/purposes.ts'
import { unwrapMaterial } from '../data-keys/unwrap-data-key.ts'
import type { Pepper } from '../pepper.ts'
import type { KeyEncryptionKey } from '../providers/key-encryption-key.ts'

/** What is in a backup, once it is open. */
export const backupContentSchema = z.strictObject({
  /** Milliseconds since the Unix epoch. */
  at: z.number(),
  /** Base64; absent where the pepper comes from the configuration. */
  pepper: z.base64().optional(),
  keys: z
    .array(
      z.strictObject({
        id: z.string().regex(/^dk_[0-9A-Za-z]{1,32}$/),
        purpose: z.custom<DataKeyPurpose>((value) => typeof value === 'string' && isPurpose(value)),
        algorithm: z.custom<DataKeyAlgorithm>(
          (value) => typeof value === 'string' && Object.hasOwn(algorithms, value),
        ),
        state: z.enum(['active', 'decrypt-only', 'retired']),
        createdAt: z.number(),
        messages: z.number(),
        publicKey: z.string().optional(),
        /** Base64. */
        material: z.base64(),
      }),
    )
    .max(10_000),
})

export type BackupContent = z.infer<typeof backupContentSchema>

/** Gathers every key that is not destroyed, unwrapped, and the pepper. */
export async function gatherBackup(
  store: LockedStore['dataKeys'],
  keks: readonly KeyEncryptionKey[],
  pepper: Pepper | undefined,
  now: number,
): Promise<BackupContent> {
  const keys: BackupContent['keys'] = []
  for (const record of await store.list()) {
    if (record.state === 'destroyed') continue
    const material = await unwrapMaterial(record, keks)
    keys.push(toBackupKey(record, record.state, material))
    material.fill(0)
  }
  return { at: now, pepper: pepper?.reveal().export().toString('base64'), keys }
}

function toBackupKey(
  record: DataKeyRecord,
  state: 'active' | 'decrypt-only' | 'retired',
  material: Buffer,
): BackupContent['keys'][number] {
  const { id, purpose, algorithm, createdAt, messages, publicKey } = record
  return {
    id,
    purpose,
    algorithm,
    state,
    createdAt,
    messages,
    publicKey,
    material: material.toString('base64'),
  }
}
