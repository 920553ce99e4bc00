import { DiagnosticError, toFault, type Clock } from '@gateward/kernel'
import type { DataKeyRecord, DataKeyStore } from '../../store/data-key-store.ts'
import { wrappingContext } from '../data-keys/create-data-key.ts'
import { unwrapMaterial } from '../data-keys/unwrap-data-key.ts'
import type { KeyEncryptionKey } from '../providers/key-encryption-key.ts'
import type { BackupContent } from './backup-content.ts'

/** What a restore did. */
export interface RestoredKeys {
  /** Keys that were missing and are back. */
  readonly added: readonly string[]
  /** Keys that were there and could not be unwrapped any more. */
  readonly rewrapped: readonly string[]
  /** Keys that are as good as in the backup. */
  readonly untouched: readonly string[]
}

/**
 * Puts the keys of a backup back, wrapped by the key-encryption key of now. A key that is there and can be unwrapped stays
 * as it is; a destroyed one stays destroyed.
 *
 * @throws DiagnosticError, before anything is changed, where a key of the store would still be unreadable afterwards
 */
export async function restoreKeys(
  store: DataKeyStore,
  { keys }: BackupContent,
  keks: readonly [KeyEncryptionKey, ...KeyEncryptionKey[]],
  clock: Clock,
): Promise<RestoredKeys> {
  const [kek] = keks
  const present = new Map((await store.list()).map((record) => [record.id, record]))
  const unreadable = await findUnreadable([...present.values()], keks)
  assertAllSaved(unreadable, keys)
  const done = { added: [] as string[], rewrapped: [] as string[], untouched: [] as string[] }
  for (const key of keys) {
    if (present.has(key.id) && !unreadable.has(key.id)) {
      done.untouched.push(key.id)
      continue
    }
    const material = Buffer.from(key.material, 'base64')
    const wrapped = await kek.wrap(material, wrappingContext(key))
    material.fill(0)
    if (await store.rewrap(key.id, { wrapped, kek: kek.id }, clock.now())) done.rewrapped.push(key.id)
    else if (await store.restore(toRecord(key, wrapped, kek.id, clock.now()), clock.now()))
      done.added.push(key.id)
  }
  return done
}

async function findUnreadable(
  records: readonly DataKeyRecord[],
  keks: readonly KeyEncryptionKey[],
): Promise<ReadonlySet<string>> {
  const unreadable = new Set<string>()
  for (const record of records) {
    if (record.state === 'destroyed') continue
    const material = await unwrapMaterial(record, keks).catch((thrown: unknown) => {
      // A provider that is only down must not look like a key that is lost.
      if (toFault(thrown).code === 'KEK_UNAVAILABLE') throw thrown
    })
    if (material === undefined) unreadable.add(record.id)
    material?.fill(0)
  }
  return unreadable
}

function assertAllSaved(unreadable: ReadonlySet<string>, keys: BackupContent['keys']): void {
  const saved = new Set(keys.map(({ id }) => id))
  const lost = [...unreadable].filter((id) => !saved.has(id))
  if (lost.length === 0) return
  throw new DiagnosticError([
    {
      code: 'backup-too-old',
      severity: 'error',
      message: `the store has keys that this backup does not: ${lost.join(', ')}; they were made later`,
      fix: 'restore a later backup, or the database of the time of this one',
    },
  ])
}

function toRecord(
  key: BackupContent['keys'][number],
  wrapped: string,
  kek: string,
  now: number,
): DataKeyRecord {
  return {
    id: key.id,
    purpose: key.purpose,
    algorithm: key.algorithm,
    // How many messages it has encrypted since the backup is not known, so it encrypts no more where that is limited.
    state: key.state === 'active' && key.algorithm !== 'A256GCM' ? 'active' : 'decrypt-only',
    createdAt: key.createdAt,
    changedAt: now,
    usedAt: undefined,
    messages: key.messages,
    wrapped,
    kek,
    publicKey: key.publicKey,
  }
}
