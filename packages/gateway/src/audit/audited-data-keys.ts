import type { DataKeyManagement } from '../keyring/data-keys/data-key-management.ts'
import { toShownKey } from '../keyring/data-keys/evidence.ts'
import type { DataKeyStatus } from '../keyring/data-keys/data-key-status.ts'
import type { AuditActor } from './audit-event.ts'
import type { AuditLog } from './audit-log.ts'

/** Data keys whose every change is written to the audit log. */
export function auditDataKeys(
  management: DataKeyManagement,
  audit: AuditLog,
  actor: AuditActor,
): DataKeyManagement {
  const note = async (action: string, target: string, after: unknown): Promise<void> => {
    await audit.record({ actor, action, target, after, outcome: 'done' })
  }
  const noted = async (verb: string, status: DataKeyStatus): Promise<DataKeyStatus> => {
    await note(`data-key.${verb}`, status.id, toShownKey(status))
    return status
  }
  return {
    ...management,
    async rotate(purpose) {
      const rotation = await management.rotate(purpose)
      await note('data-key.rotate', rotation.before.id, { purpose, successor: rotation.made.id })
      return rotation
    },
    retire: async (id) => noted('retire', await management.retire(id)),
    reinstate: async (id) => noted('reinstate', await management.reinstate(id)),
    destroy: async (id, confirm) => noted('destroy', await management.destroy(id, confirm)),
  }
}
