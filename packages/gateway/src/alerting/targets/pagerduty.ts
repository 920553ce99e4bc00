import { Poster } from '../../delivery/post.ts'
import type { AlertSeverity } from '../../store/alert-store.ts'
import type { AlertChange } from '../alert-engine.ts'
import type { AlertTarget } from '../notification.ts'
import type { TargetSettings } from '../settings.ts'
import { checkAnswer } from './check-answer.ts'

/** Sends events of PagerDuty's Events API v2; an alert is one incident, by its id, until it is resolved. */
export function pagerdutyTarget(settings: NonNullable<TargetSettings['pagerduty']>): AlertTarget {
  const poster = new Poster(settings.ca)
  return {
    async send({ changes, gateway }) {
      for (const change of changes) {
        const body = JSON.stringify({
          routing_key: settings.routingKey.reveal(),
          ...toEvent(change, gateway),
        })
        const headers = { 'content-type': 'application/json' }
        checkAnswer('PagerDuty', await poster.post(settings.url, headers, body))
      }
    },
    [Symbol.asyncDispose]: () => poster[Symbol.asyncDispose](),
  }
}

const severities: Readonly<Record<AlertSeverity, 'critical' | 'error' | 'warning' | 'info'>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
}

function toEvent({ change, alert }: AlertChange, gateway: string): object {
  if (change === 'resolved') return { event_action: 'resolve', dedup_key: alert.id }
  return {
    event_action: 'trigger',
    dedup_key: alert.id,
    client: 'Gateward',
    payload: {
      summary: alert.summary.slice(0, 1_024),
      source: gateway,
      severity: severities[alert.severity],
      timestamp: new Date(alert.openedAt).toISOString(),
      component: alert.subject.slice(0, 255),
      class: alert.rule,
      custom_details: { count: alert.count, details: alert.details },
    },
  }
}
