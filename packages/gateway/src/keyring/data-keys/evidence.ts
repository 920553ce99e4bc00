import type { Clock } from '@gateward/kernel'
import type { Store } from '../../store/store.ts'
import { toStatuses, type DataKeyStatus } from './data-key-status.ts'
import type { DataKeys } from './data-keys.ts'

/** What an auditor is given of the keyring: no key, and nothing that helps to one. */
export interface KeyringEvidence {
  /** What was signed, exactly as it was signed: JSON with `at`, `keys` and `history`. */
  readonly statement: string
  readonly signature: {
    readonly algorithm: 'Ed25519'
    readonly keyId: string
    /** SPKI, PEM. */
    readonly publicKey: string
    /** Over the UTF-8 bytes of `statement`, base64. */
    readonly value: string
  }
}

/** Every key with its age, state and use, and everything that ever happened to them, signed with the key for `audit`. */
export async function exportEvidence(
  store: Pick<Store, 'dataKeys' | 'sealed'>,
  dataKeys: DataKeys,
  clock: Clock,
): Promise<KeyringEvidence> {
  const now = clock.now()
  const statuses = toStatuses(await store.dataKeys.list(), await store.sealed.countByKey(), now)
  const history = await store.dataKeys.history()
  const statement = JSON.stringify({
    at: toTime(now),
    keys: statuses.map(toShownKey),
    history: history.map(({ keyId, at, kind }) => ({ at: toTime(at), key: keyId, event: kind })),
  })
  const signer = dataKeys.signer('audit')
  const { keyId } = signer
  return {
    statement,
    signature: {
      algorithm: 'Ed25519',
      keyId,
      publicKey: signer.publicKeys().get(keyId) ?? '',
      value: signer.sign(Buffer.from(statement, 'utf8')).toString('base64'),
    },
  }
}

/** A key as it may be shown to anybody: all but its wrapped material. */
export function toShownKey(status: DataKeyStatus): Readonly<Record<string, unknown>> {
  return {
    id: status.id,
    purpose: status.purpose,
    algorithm: status.algorithm,
    state: status.state,
    createdAt: toTime(status.createdAt),
    ageDays: Math.floor(status.age / 86_400_000),
    changedAt: toTime(status.changedAt),
    usedAt: status.usedAt === undefined ? undefined : toTime(status.usedAt),
    messages: status.messages,
    limit: status.limit,
    values: status.values,
    kek: status.kek,
  }
}

function toTime(time: number): string {
  return new Date(time).toISOString()
}
