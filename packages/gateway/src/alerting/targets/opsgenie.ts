import { Poster } from '../../delivery/post.ts'
import type { AlertSeverity } from '../../store/alert-store.ts'
import type { AlertChange } from '../alert-engine.ts'
import type { AlertTarget } from '../notification.ts'
import type { TargetSettings } from '../settings.ts'
import { checkAnswer } from './check-answer.ts'

/** Creates and closes alerts of Opsgenie's Alert API v2, by their id as alias. */
export function opsgenieTarget(settings: NonNullable<TargetSettings['opsgenie']>): AlertTarget {
  const poster = new Poster(settings.ca)
  return {
    async send({ changes, gateway }) {
      for (const change of changes) {
        const { url, body } = toCall(settings.url, change, gateway)
        const headers = {
          'content-type': 'application/json',
          authorization: `GenieKey ${settings.apiKey.reveal()}`,
        }
        checkAnswer('Opsgenie', await poster.post(url, headers, JSON.stringify(body)))
      }
    },
    [Symbol.asyncDispose]: () => poster[Symbol.asyncDispose](),
  }
}

const priorities: Readonly<Record<AlertSeverity, string>> = {
  critical: 'P1',
  high: 'P2',
  medium: 'P3',
  low: 'P4',
}

function toCall(
  base: string,
  { change, alert }: AlertChange,
  gateway: string,
): { readonly url: string; readonly body: object } {
  if (change === 'resolved')
    return {
      url: `${base}/${encodeURIComponent(alert.id)}/close?identifierType=alias`,
      body: { source: gateway.slice(0, 100), note: 'Gateward saw it end.' },
    }
  return {
    url: base,
    body: {
      message: alert.summary.slice(0, 130),
      alias: alert.id,
      description: [alert.summary, ...alert.details].join('\n').slice(0, 15_000),
      entity: alert.subject.slice(0, 512),
      source: gateway.slice(0, 100),
      tags: ['gateward', alert.rule.slice(0, 50)],
      priority: priorities[alert.severity],
      details: { rule: alert.rule, count: String(alert.count) },
    },
  }
}
