import type { ApiKeyManagement, NewApiKey } from '../keyring/api-key-management.ts'
import type { ApiKeyRecord } from '../store/api-key-store.ts'
import type { AuditActor } from './audit-event.ts'
import type { AuditLog } from './audit-log.ts'

/** API keys whose every change is written to the audit log; for ways to them that write none of their own. */
export function auditApiKeys(
  management: ApiKeyManagement,
  audit: AuditLog,
  actor: AuditActor,
): ApiKeyManagement {
  const note = async (action: string, target: string, before: unknown, after: unknown): Promise<void> => {
    await audit.record({ actor, action, target, before, after, outcome: 'done' })
  }
  const made = async (action: string, { record }: NewApiKey, target: string, before: unknown) =>
    note(action, target, before, plain(record))
  const set =
    (verb: 'revoke' | 'disable' | 'enable') =>
    async (id: string): Promise<ApiKeyRecord> => {
      const before = await management.show(id)
      const after = await management[verb](id)
      await note(`key.${verb}`, id, plain(before), plain(after))
      return after
    }
  return {
    ...management,
    async create(order) {
      const key = await management.create(order)
      await made('key.create', key, key.record.id, undefined)
      return key
    },
    async rotate(id, terms) {
      const before = await management.show(id)
      const key = await management.rotate(id, terms)
      await made('key.rotate', key, id, plain(before))
      return key
    },
    revoke: set('revoke'),
    disable: set('disable'),
    enable: set('enable'),
  }
}

/** A record as people may read it: what a key is found by stays where it is. */
function plain({ hash: _hash, createdAt, expiresAt, changedAt, ...rest }: ApiKeyRecord): unknown {
  const moment = (time: number): string => new Date(time).toISOString()
  return {
    ...rest,
    createdAt: moment(createdAt),
    expiresAt: moment(expiresAt),
    changedAt: moment(changedAt),
  }
}
