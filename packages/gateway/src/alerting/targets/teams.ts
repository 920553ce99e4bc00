import { Poster } from '../../delivery/post.ts'
import type { AlertChange } from '../alert-engine.ts'
import { titleOf, wordOf, type AlertTarget, type Notification } from '../notification.ts'
import type { TargetSettings } from '../settings.ts'
import { checkAnswer } from './check-answer.ts'

/** Posts an Adaptive Card 1.4 to a workflow of Microsoft Teams; a message must stay under 28 KB. */
export function teamsTarget(settings: NonNullable<TargetSettings['teams']>): AlertTarget {
  const poster = new Poster(settings.ca)
  return {
    async send(notification) {
      const body = JSON.stringify(toMessage(notification))
      const headers = { 'content-type': 'application/json' }
      checkAnswer('Teams', await poster.post(settings.url.reveal().trim(), headers, body))
    },
    [Symbol.asyncDispose]: () => poster[Symbol.asyncDispose](),
  }
}

const mostAlerts = 8

function toMessage(notification: Notification): object {
  const { changes, gateway } = notification
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      textBlock(titleOf(notification), { size: 'Large', weight: 'Bolder' }),
      ...changes.slice(0, mostAlerts).flatMap(toBlocks),
      textBlock(`Gateward ${gateway} · ${changes.length} in all`, { isSubtle: true, size: 'Small' }),
    ],
    msteams: { width: 'Full' },
  }
  return {
    type: 'message',
    attachments: [
      { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card },
    ],
  }
}

function toBlocks({ change, alert }: AlertChange): readonly object[] {
  return [
    textBlock(alert.summary.slice(0, 500), { weight: 'Bolder' }),
    {
      type: 'FactSet',
      facts: [
        { title: 'Severity', value: alert.severity },
        { title: 'State', value: wordOf(change) },
        { title: 'Seen', value: `${alert.count} times` },
      ],
    },
    ...alert.details.slice(0, 5).map((detail) => textBlock(detail.slice(0, 300), { isSubtle: true })),
  ]
}

// Markdown of what a client sent is shown as it stands.
function textBlock(text: string, style: Readonly<Record<string, unknown>>): object {
  return { type: 'TextBlock', text: text.replace(/[\\`*_[\]()#]/g, '\\$&'), wrap: true, ...style }
}
