import { readFileSync } from 'node:fs'
import { Fault } from '@gateward/kernel'
import { createTransport } from 'nodemailer'
import { titleOf, wordOf, type AlertTarget, type Notification } from '../notification.ts'
import type { TargetSettings } from '../settings.ts'

const deadline = 10_000

/** Sends mail in plain text, over TLS with a verified certificate unless the server is on this machine. */
export function emailTarget(settings: NonNullable<TargetSettings['email']>): AlertTarget {
  const { host, port, user, password, plain, ca, from, to } = settings
  const transport = createTransport({
    host,
    port,
    secure: port === 465,
    requireTLS: !plain,
    ignoreTLS: plain,
    connectionTimeout: deadline,
    greetingTimeout: deadline,
    socketTimeout: deadline,
    ...(user === undefined ? {} : { auth: { user, pass: password?.reveal() ?? '' } }),
    ...(ca === undefined ? {} : { tls: { ca: readFileSync(ca) } }),
  })
  return {
    async send(notification) {
      try {
        await transport.sendMail({
          from,
          to: [...to],
          subject: `[Gateward] ${titleOf(notification)}`,
          text: toText(notification),
          messageId: `<${notification.id}@gateward>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
      } catch (cause) {
        throw toFault(host, cause)
      }
    },
    [Symbol.asyncDispose]: async () => transport.close(),
  }
}

function toText({ changes, gateway }: Notification): string {
  const paragraphs = changes.map(({ change, alert }) =>
    [
      `${alert.severity} ${wordOf(change)}: ${alert.summary}`,
      `  first ${new Date(alert.openedAt).toISOString()}, last ${new Date(alert.lastAt).toISOString()}, seen ${alert.count} times`,
      ...alert.details.map((detail) => `  - ${detail}`),
      `  silence it: gateward alerts silence ${alert.rule} --subject '${alert.subject}' --for 2h --reason '...'`,
    ].join('\n'),
  )
  return `${paragraphs.join('\n\n')}\n\nGateward ${gateway}\n`
}

// RFC 5321 section 4.2.1: 5yz is for ever, all else may pass.
function toFault(host: string, cause: unknown): Fault {
  const { responseCode, message } = cause as { readonly responseCode?: number; readonly message?: string }
  return new Fault('DELIVERY_FAILED', `the mail server ${host} did not take the message: ${message ?? ''}`, {
    source: 'upstream',
    retryable: responseCode === undefined || responseCode < 500,
    cause,
  })
}
