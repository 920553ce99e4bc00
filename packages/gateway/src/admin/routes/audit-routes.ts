import { defineProblem } from '@gateward/kernel'
import { verifyAudit } from '../../audit/verify-chain.ts'
import type { Review } from '../../review/review.ts'
import { toSignedReview } from '../../review/sign-off.ts'
import type { AuditRow } from '../../store/audit-store.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { refuse, type AdminRoutes } from './route.ts'
import { toMoment } from './to-moment.ts'

/** What was done to the gateway, and whether anybody changed what is written of it. */
export function auditRoutes({
  store,
  auditChecks,
  review,
}: AdminParts): Pick<AdminRoutes, 'listAudit' | 'verifyAudit' | 'getReview' | 'signOffReview'> {
  // Only what was shown can be signed, as it was shown.
  const shown = new Map<string, Review>()
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

    async getReview({ query: { days = 30 } }) {
      const made = await review(days * 86_400_000)
      const { review: hash } = toSignedReview(made)
      if (shown.size >= mostShown) shown.delete(shown.keys().next().value ?? '')
      shown.set(hash, made)
      return { body: { hash, review: describeReview(made) } }
    },

    signOffReview({ body: { hash, note } }) {
      const read = shown.get(hash)
      if (read === undefined) return refuse(notShown)
      const after = toSignedReview(read)
      return {
        action: 'audit.review',
        target: '',
        after,
        reason: note,
        preview: after,
        commit: () => ({ body: after }),
      }
    },
  }
}

/** Reviews that wait to be signed. */
const mostShown = 20

const notShown = defineProblem('CONFLICT', 'no such review was shown lately; read it once more, then sign it')

function describeReview(review: Review): AdminAnswer<'getReview'>['review'] {
  const { unusedRules: _, ...rest } = review
  return structuredClone(rest) as AdminAnswer<'getReview'>['review']
}

function describe({ body, hash, at }: AuditRow): AdminAnswer<'listAudit'>['entries'][number] {
  const { previous: _previous, ...event } = JSON.parse(body) as Record<string, unknown>
  return { ...event, at: toMoment(at), hash } as AdminAnswer<'listAudit'>['entries'][number]
}
