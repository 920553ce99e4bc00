import { createHash } from 'node:crypto'
import { Fault, toFault, type Clock } from '@gateward/kernel'
import type { Signer } from '../keyring/data-keys/data-keys.ts'
import type { AuditRow, AuditSeal, AuditStore } from '../store/audit-store.ts'
import type { AuditEvent } from './audit-event.ts'
import { canonicalJson } from './canonical-json.ts'

/** What is done to the gateway, written down so that nobody can change it unseen. */
export interface AuditLog {
  /** Writes an event; what it returns is on the disk. */
  record(event: AuditEvent): Promise<AuditRow>
}

/** What a log is made from. */
export interface AuditLogOptions {
  readonly store: AuditStore
  readonly clock: Clock
  /** The keyring's key for audit; `undefined`: nobody here can sign, and whoever writes next signs for this one too. */
  readonly signer: Pick<Signer, 'keyId' | 'sign'> | undefined
  /** Hears that a row could not be signed. */
  readonly onFault?: (fault: Fault) => void
  /** Hears of every row once it is written. */
  readonly onRecord?: (row: AuditRow, event: AuditEvent) => void
}

/** Makes a log over a store; several processes may write to the same one. */
export function createAuditLog(options: AuditLogOptions): AuditLog {
  const { store, clock, onRecord } = options
  return {
    async record(event) {
      for (let attempt = 0; attempt < mostAttempts; attempt++) {
        // Signed before the store is locked: the keyring counts what it signs in the same store.
        const row = chainRow(event, await store.last(), clock.now())
        if (!(await store.append({ row, seal: seal(row, options) }))) continue
        onRecord?.(row, event)
        return row
      }
      throw new Fault('AUDIT_UNAVAILABLE', 'others write to the audit log without a pause', {
        source: 'gateway',
        retryable: true,
      })
    },
  }
}

/** Others may write between the look at the last row and the next; each time somebody's row is written. */
const mostAttempts = 100

/** The row before the first. */
export const genesisHash = '0'.repeat(64)

/** Chains an event to the row before it: its text holds the number and the hash of that row, and its hash is of the text. */
function chainRow(event: AuditEvent, last: AuditRow | undefined, now: number): AuditRow {
  const number = (last?.number ?? 0) + 1
  // A clock that goes back must not make the order of rows look changed.
  const at = Math.max(now, last?.at ?? 0)
  const plain = toPlain(event)
  const { action, target, actor } = plain
  const body = canonicalJson({ ...plain, at, number, previous: last?.hash ?? genesisHash })
  return { number, at, actor: actor.name, action, target, body, hash: hashOf(body) }
}

/** Signs the chain up to a row; a key that cannot be had must not keep anybody from ending a stolen credential. */
function seal({ number, hash, at }: AuditRow, { signer, onFault }: AuditLogOptions): AuditSeal | undefined {
  if (signer === undefined) return undefined
  try {
    const { keyId } = signer
    const signature = signer.sign(sealedBytes({ number, hash, at })).toString('base64url')
    return { number, hash, at, keyId, signature }
  } catch (thrown) {
    onFault?.(toFault(thrown))
    return undefined
  }
}

/** What a seal signs: a row's number, hash and time, and so everything before it. */
export function sealedBytes({ number, hash, at }: Pick<AuditRow, 'number' | 'hash' | 'at'>): Buffer {
  return Buffer.from(`gateward audit\n${canonicalJson({ at, hash, number })}`)
}

/** SHA-256 of a row's text, hexadecimal. */
export function hashOf(body: string): string {
  return createHash('sha256').update(body, 'utf8').digest('hex')
}

/** Only what JSON holds, and texts that have a canonical form: what people write may be any text. */
function toPlain(event: AuditEvent): AuditEvent {
  return JSON.parse(
    JSON.stringify(event, (_, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value)),
  ) as AuditEvent
}
