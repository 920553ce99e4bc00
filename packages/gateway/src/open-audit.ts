import { createAuditLog, type AuditLog } from './audit/audit-log.ts'
import { readAnchors } from './audit/read-anchors.ts'
import type { VerifyOptions } from './audit/verify-chain.ts'
import type { Parts } from './open-parts.ts'
import { toNotice } from './to-notice.ts'

/** The audit log of a running gateway: signed by the keyring, and told to the log of the machine. */
export function openAudit({ clock, observer, shared, store }: Parts): AuditLog {
  return createAuditLog({
    store: store.audit,
    clock,
    signer: shared.dataKeys.signer('audit'),
    onFault: (fault) => observer.noticed(toNotice(fault)),
    onRecord: ({ number, hash, actor, action, target }, { outcome }) =>
      observer.audited({ number, hash, actor, action, target, outcome }),
  })
}

/** What the audit log of a data folder is checked against: its key, and the anchors there. */
export function openAuditChecks({ shared }: Parts, data: string): () => Promise<VerifyOptions> {
  return async () => ({ signer: shared.dataKeys.signer('audit'), ...(await readAnchors(data)) })
}
