import type { Clock } from '@gateward/kernel'
import type { DataKeyRecord, DataKeyStore } from '../../store/data-key-store.ts'
import { createDataKey } from '../data-keys/create-data-key.ts'
import { algorithms, purposes } from '../data-keys/purposes.ts'
import type { KeyEncryptionKey } from '../providers/key-encryption-key.ts'

/** Why a key was rotated without anybody asking. */
export interface DueRotation {
  readonly before: DataKeyRecord
  readonly made: DataKeyRecord
  readonly reason: 'age' | 'messages'
}

/**
 * Rotates every active key that is older than `rotation` (milliseconds; `undefined`: at no age), or has encrypted half of
 * the messages it may. Of several gateways that do it at once one does it.
 */
export async function rotateDue(
  {
    store,
    kek,
    clock,
  }: { readonly store: DataKeyStore; readonly kek: KeyEncryptionKey; readonly clock: Clock },
  rotation: number | undefined,
): Promise<readonly DueRotation[]> {
  const done: DueRotation[] = []
  for (const before of await store.list()) {
    const reason = findReason(before, clock.now(), rotation)
    if (reason === undefined) continue
    const made = await createDataKey({ store, kek, clock }, before.purpose, before.id)
    if (made !== undefined) done.push({ before, made, reason })
  }
  return done
}

function findReason(
  { state, purpose, algorithm, createdAt, messages }: DataKeyRecord,
  now: number,
  rotation: number | undefined,
): DueRotation['reason'] | undefined {
  if (state !== 'active' || purposes[purpose].rotates !== 'schedule') return undefined
  if (messages >= algorithms[algorithm].limit / 2) return 'messages'
  return rotation !== undefined && now - createdAt >= rotation ? 'age' : undefined
}
