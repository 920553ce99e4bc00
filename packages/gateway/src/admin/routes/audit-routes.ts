import { verifyAudit } from '../../audit/verify-chain.ts'
import type { AuditRow } from '../../store/audit-store.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import type { AdminRoutes } from './route.ts'
import { toMoment } from './to-moment.ts'

/** What was done to the gateway, and whether anybody changed what is written of it. */
export function auditRoutes({
  store,
  auditChecks,
}: AdminParts): Pick<AdminRoutes, 'listAudit' | 'verifyAudit'> {
  return {
    async listAudit({ query: { limit = 100, since, until, ...rest } }) {
      const rows = await store.audit.list({
        ...rest,
        limit: limit + 1,
        since: since === undefined ? undefined : Date.parse(since),
        until: until === undefined ? undefined : Date.parse(until),
      })
      const entries = rows.slice(0, limit).map(describe)
      const last = entries.at(-1)
      return {
        body: { entries, ...(rows.length > limit && last !== undefined ? { next: last.number } : {}) },
      }
    },

    async verifyAudit() {
      const verification = await verifyAudit(store.audit, await auditChecks())
      return { body: { ...verification, findings: [...verification.findings] } }
    },
  }
}

function describe({ body, hash, at }: AuditRow): AdminAnswer<'listAudit'>['entries'][number] {
  const { previous: _previous, ...event } = JSON.parse(body) as Record<string, unknown>
  return { ...event, at: toMoment(at), hash } as AdminAnswer<'listAudit'>['entries'][number]
}
