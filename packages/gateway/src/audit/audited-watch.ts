import type { AlertManagement } from '../alerting/alert-management.ts'
import type { AnomalyManagement } from '../anomaly/anomaly-management.ts'
import type { AuditActor } from './audit-event.ts'
import type { AuditLog } from './audit-log.ts'

/** Alerts of which each is acknowledged, and each silence set and lifted, in the audit log. */
export function auditAlerts(
  management: AlertManagement,
  audit: AuditLog,
  actor: AuditActor,
): AlertManagement {
  return {
    ...management,
    async acknowledge(id, by, note) {
      const alert = await management.acknowledge(id, by, note)
      const target = `${alert.rule} ${alert.subject}`
      const reason = note === '' ? undefined : note
      await audit.record({ actor, action: 'alert.acknowledge', target, reason, outcome: 'done' })
      return alert
    },
    async silence(order) {
      const after = await management.silence(order)
      const { rule, subject, reason } = order
      await audit.record({
        actor,
        action: 'alert.silence',
        target: `${rule} ${subject}`,
        after,
        reason,
        outcome: 'done',
      })
      return after
    },
    async lift(id) {
      const before = (await management.silences()).find((silence) => silence.id === id)
      await management.lift(id)
      const target = before === undefined ? id : `${before.rule} ${before.subject}`
      await audit.record({ actor, action: 'alert.unsilence', target, before, outcome: 'done' })
    },
  }
}

/** Anomalies of which it is in the audit log what somebody said is expected, and took back. */
export function auditAnomalies(
  management: AnomalyManagement,
  audit: AuditLog,
  actor: AuditActor,
): AnomalyManagement {
  return {
    ...management,
    async expect(id, order) {
      const after = await management.expect(id, order)
      const { reason } = order
      await audit.record({ actor, action: 'anomaly.expect', target: id, after, reason, outcome: 'done' })
      return after
    },
    async forget(id) {
      const before = await management.forget(id)
      await audit.record({ actor, action: 'anomaly.forget', target: id, before, outcome: 'done' })
      return before
    },
  }
}
