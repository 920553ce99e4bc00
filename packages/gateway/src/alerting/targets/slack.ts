import { Poster } from '../../delivery/post.ts'
import { titleOf, wordOf, type AlertTarget, type Notification } from '../notification.ts'
import type { AlertChange } from '../alert-engine.ts'
import type { TargetSettings } from '../settings.ts'
import { checkAnswer } from './check-answer.ts'

/** Posts to an incoming webhook of Slack: Block Kit, within its bounds (50 blocks, 150 and 3,000 characters). */
export function slackTarget(settings: NonNullable<TargetSettings['slack']>): AlertTarget {
  const poster = new Poster(settings.ca)
  return {
    async send(notification) {
      const body = JSON.stringify(toMessage(notification))
      const headers = { 'content-type': 'application/json' }
      checkAnswer('Slack', await poster.post(settings.url.reveal().trim(), headers, body))
    },
    [Symbol.asyncDispose]: () => poster[Symbol.asyncDispose](),
  }
}

const mostSections = 20

function toMessage(notification: Notification): object {
  const { changes, gateway } = notification
  const title = titleOf(notification)
  const rest = changes.length - mostSections
  return {
    text: escapeText(title),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title.slice(0, 150), emoji: false } },
      ...changes.slice(0, mostSections).map(toSection),
      {
        type: 'context',
        elements: [
          { type: 'mrkdwn', text: escapeText(`Gateward ${gateway}${rest > 0 ? ` · and ${rest} more` : ''}`) },
        ],
      },
    ],
  }
}

function toSection({ change, alert }: AlertChange): object {
  const lines = [
    `*${escapeText(alert.severity)} · ${escapeText(wordOf(change))}* · seen ${alert.count} times`,
    escapeText(alert.summary),
    ...alert.details.slice(0, 5).map((detail) => `• ${escapeText(detail.slice(0, 300))}`),
  ]
  return { type: 'section', text: { type: 'mrkdwn', text: lines.join('\n').slice(0, 3_000) } }
}

// The three characters that Slack gives a meaning of its own; so no path in a request can mention a channel.
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
