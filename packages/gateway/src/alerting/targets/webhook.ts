import { createHmac } from 'node:crypto'
import { Poster } from '../../delivery/post.ts'
import type { AlertTarget, Notification } from '../notification.ts'
import type { TargetSettings } from '../settings.ts'
import { checkAnswer } from './check-answer.ts'

/**
 * Posts alerts as JSON, signed as Standard Webhooks 1.0.0 says: `webhook-signature` is `v1,` and the base64 of
 * HMAC-SHA-256 over `<webhook-id>.<webhook-timestamp>.<body>`.
 */
export function webhookTarget(settings: NonNullable<TargetSettings['webhook']>): AlertTarget {
  const poster = new Poster(settings.ca)
  return {
    async send(notification) {
      const body = JSON.stringify(toBody(notification))
      const timestamp = String(Math.floor(Date.now() / 1_000))
      const headers = {
        'content-type': 'application/json',
        'webhook-id': notification.id,
        'webhook-timestamp': timestamp,
        'webhook-signature': sign(settings.secret.reveal(), notification.id, timestamp, body),
      }
      checkAnswer('the webhook', await poster.post(settings.url, headers, body))
    },
    [Symbol.asyncDispose]: () => poster[Symbol.asyncDispose](),
  }
}

/** The value of `webhook-signature`. A key that begins with `whsec_` is base64; any other is taken as it stands. */
function sign(key: string, id: string, timestamp: string, body: string): string {
  const bytes = key.startsWith('whsec_') ? Buffer.from(key.slice(6), 'base64') : Buffer.from(key)
  return `v1,${createHmac('sha256', bytes).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

function toBody({ id, at, gateway, changes }: Notification): object {
  return {
    type: 'gateward.alert',
    timestamp: new Date(at).toISOString(),
    data: {
      id,
      gateway,
      alerts: changes.map(({ change, alert }) => ({
        id: alert.id,
        rule: alert.rule,
        subject: alert.subject,
        severity: alert.severity,
        change,
        state: alert.state,
        openedAt: new Date(alert.openedAt).toISOString(),
        lastAt: new Date(alert.lastAt).toISOString(),
        count: alert.count,
        summary: alert.summary,
        details: alert.details,
      })),
    },
  }
}
