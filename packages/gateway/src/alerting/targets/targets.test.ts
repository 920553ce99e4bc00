import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { systemClock } from '@gateward/kernel'
import { SMTPServer } from 'smtp-server'
import type { AddressInfo } from 'node:net'
import type { AlertRecord } from '../../store/alert-store.ts'
import { Notifier } from '../notifier.ts'
import type { AlertChange } from '../alert-engine.ts'
import { readAlertSettings, startReceiver, type Received } from '../testing.ts'

const alert: AlertRecord = {
  id: '0b0ff1c4-6d7e-4c2b-9a7a-111111111111',
  rule: 'authentication-failures',
  subject: 'shop',
  severity: 'high',
  state: 'firing',
  openedAt: 1_700_000_000_000,
  lastAt: 1_700_000_060_000,
  resolvedAt: undefined,
  escalatedAt: undefined,
  count: 51,
  summary: 'shop: many requests fail to authenticate <!channel> & *more*',
  details: ['203.0.113.9 anonymous getOrder: the API key is unknown', 'x'.repeat(5_000)],
  silenced: false,
  acknowledgement: undefined,
}
const firing: AlertChange = { change: 'firing', alert }
const resolved: AlertChange = { change: 'resolved', alert: { ...alert, state: 'resolved', resolvedAt: 9 } }

describe('a webhook', () => {
  it('is signed as Standard Webhooks says, so that nobody else can send or repeat one', async () => {
    const key = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'
    const [received] = await deliver([firing], (url) => ({ webhook: { url, secret: 'env:KEY' } }), {
      KEY: key,
    })
    const { headers, body } = received as Received
    const signed = `${headers['webhook-id'] as string}.${headers['webhook-timestamp'] as string}.${body}`
    const mac = createHmac('sha256', Buffer.from(key.slice(6), 'base64'))
      .update(signed)
      .digest('base64')
    assert.equal(headers['webhook-signature'], `v1,${mac}`)
    assert.ok(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1_000) < 30)
    const { type, data } = JSON.parse(body) as {
      type: string
      data: { alerts: { rule: string; count: number }[] }
    }
    assert.equal(type, 'gateward.alert')
    assert.deepEqual([data.alerts[0]?.rule, data.alerts[0]?.count], ['authentication-failures', 51])
  })

  it('is tried again with the same id where the receiver is broken, and not where it is unwilling', async () => {
    const settings = (url: string) => ({ webhook: { url, secret: 'env:KEY' } })
    const lost: string[] = []
    const tried = await deliver([firing], settings, { KEY: 'k' }, (_, number) => ({
      status: number < 3 ? 503 : 204,
    }))
    assert.equal(tried.length, 3)
    assert.equal(new Set(tried.map(({ headers }) => headers['webhook-id'])).size, 1)
    const refused = await deliver([firing], settings, { KEY: 'k' }, () => ({ status: 401, body: 'no' }), lost)
    assert.equal(refused.length, 1)
    assert.deepEqual(lost, ['ops: the webhook answered 401: no'])
  })

  it('follows no redirect, so that a receiver cannot send alerts elsewhere', async () => {
    const lost: string[] = []
    const settings = (url: string) => ({ webhook: { url, secret: 'env:KEY' } })
    const received = await deliver([firing], settings, { KEY: 'k' }, () => ({ status: 307 }), lost)
    assert.deepEqual([received.length, lost.length], [1, 1])
  })
})

describe('chat', () => {
  it('gets Block Kit within the bounds of Slack, and nothing in it can mention a channel', async () => {
    const changes = Array.from({ length: 30 }, () => firing)
    const [received] = await deliver(changes, () => ({ slack: { url: 'env:URL' } }), {}, slackAnswer)
    const message = JSON.parse(received?.body ?? '') as {
      text: string
      blocks: { type: string; text?: { text: string } }[]
    }
    assert.ok(message.blocks.length <= 50)
    for (const { type, text } of message.blocks)
      assert.ok((text?.text.length ?? 0) <= (type === 'header' ? 150 : 3_000))
    assert.ok(!received?.body.includes('<!channel>'))
    assert.ok(received?.body.includes('&lt;!channel&gt; &amp;'))
  })

  it('gets an Adaptive Card under 28 KB for Teams, in which what a client sent is no Markdown', async () => {
    const changes = Array.from({ length: 30 }, () => firing)
    const [received] = await deliver(changes, () => ({ teams: { url: 'env:URL' } }))
    const { body } = received as Received
    assert.ok(body.length < 28_000, String(body.length))
    const { type, attachments } = JSON.parse(body) as {
      type: string
      attachments: { contentType: string; content: { type: string; version: string; body: object[] } }[]
    }
    assert.deepEqual(
      [type, attachments[0]?.contentType, attachments[0]?.content.type],
      ['message', 'application/vnd.microsoft.card.adaptive', 'AdaptiveCard'],
    )
    assert.ok(body.includes('\\\\*more\\\\*'))
  })
})

describe('on-call services', () => {
  it('get one PagerDuty incident by the id of the alert, and its end', async () => {
    const received = await deliver(
      [firing, resolved],
      (url) => ({ pagerduty: { routingKey: 'env:KEY', url } }),
      { KEY: 'R0UT1NGKEY' },
    )
    const events = received.map(({ body }) => JSON.parse(body) as Record<string, unknown>)
    for (const event of events) assert.deepEqual(pagerDutyMistakes(event), [])
    assert.deepEqual(
      events.map((event) => [event['event_action'], event['dedup_key'], event['routing_key']]),
      [
        ['trigger', alert.id, 'R0UT1NGKEY'],
        ['resolve', alert.id, 'R0UT1NGKEY'],
      ],
    )
  })

  it('get an Opsgenie alert and close it by its alias', async () => {
    const received = await deliver(
      [firing, resolved],
      (url) => ({ opsgenie: { apiKey: 'env:KEY', url: `${url}/v2/alerts` } }),
      { KEY: 'secret' },
    )
    assert.deepEqual(
      received.map(({ method, path, headers }) => [method, path, headers.authorization]),
      [
        ['POST', '/v2/alerts', 'GenieKey secret'],
        ['POST', `/v2/alerts/${alert.id}/close?identifierType=alias`, 'GenieKey secret'],
      ],
    )
    const created = JSON.parse(received[0]?.body ?? '') as Record<string, string>
    assert.ok((created['message']?.length ?? 0) <= 130 && (created['description']?.length ?? 0) <= 15_000)
    assert.deepEqual([created['alias'], created['priority']], [alert.id, 'P2'])
  })
})

describe('e-mail', () => {
  it('reaches a real mail server, logged in, and says how to silence it', async () => {
    await using server = await startMailServer()
    const settings = readAlertSettings({
      targets: {
        ops: {
          email: {
            host: '127.0.0.1',
            port: server.port,
            plain: true,
            from: 'gateward@example.com',
            to: ['ops@example.com', 'sec@example.com'],
          },
        },
      },
    })
    await notify(settings, [firing])
    const [mail] = server.mails
    assert.deepEqual(mail?.to, ['ops@example.com', 'sec@example.com'])
    assert.match(mail?.text ?? '', /Subject: \[Gateward\] high authentication-failures firing/)
    assert.match(mail?.text ?? '', /gateward alerts silence authentication-failures --subject/)
  })

  it('does not leave unencrypted where nobody allowed it', async () => {
    await using server = await startMailServer()
    const { port, mails } = server
    const email = { host: '127.0.0.1', port, from: 'a@example.com', to: ['b@example.com'] }
    const lost: string[] = []
    await notify(readAlertSettings({ targets: { ops: { email } } }), [firing], lost, 50)
    assert.equal(mails.length, 0)
    assert.throws(() =>
      readAlertSettings({ targets: { ops: { email: { ...email, host: 'mail.example', plain: true } } } }),
    )
  })
})

describe('notifications', () => {
  it('of one rule that come together go out together; each target hears what concerns it', async () => {
    await using all = await startReceiver()
    await using critical = await startReceiver()
    await using escalated = await startReceiver()
    const settings = readAlertSettings(
      {
        targets: {
          all: { webhook: { url: all.url, secret: 'env:KEY' }, resolved: false },
          critical: { webhook: { url: critical.url, secret: 'env:KEY' }, minimum: 'critical' },
          pager: { webhook: { url: escalated.url, secret: 'env:KEY' } },
        },
        escalation: { to: ['pager'] },
      },
      { KEY: 'k' },
    )
    const worse: AlertChange = {
      change: 'escalated',
      alert: { ...alert, escalatedAt: 1, severity: 'critical' },
    }
    await notify(settings, [firing, firing, resolved, worse])
    const counts = [all, critical, escalated].map(({ received }) =>
      received.map(({ body }) => alertCount(body)),
    )
    assert.deepEqual(counts, [[3], [1], [1]])
  })

  it('may leave neither unencrypted nor with a password in the address, and a target is one thing', () => {
    const secret = 'env:KEY'
    for (const target of [
      { webhook: { url: 'http://example.com/hook', secret } },
      { webhook: { url: 'https://user:pass@example.com/hook', secret } },
      { webhook: { url: 'file:///etc/passwd', secret } },
      { slack: { url: 'env:PLAIN' } },
      {},
      { webhook: { url: 'https://a.example', secret }, teams: { url: 'env:URL' } },
    ])
      assert.throws(() =>
        readAlertSettings(
          { targets: { ops: target } },
          { KEY: 'k', URL: 'https://b.example', PLAIN: 'http://b.example' },
        ),
      )
    assert.throws(() => readAlertSettings({ escalation: { to: ['nobody'] } }), /there is no target/)
  })
})

/** Delivers changes to one target behind a receiver, and gives back what it got. */
async function deliver(
  changes: readonly AlertChange[],
  target: (url: string) => object,
  env: Readonly<Record<string, string>> = {},
  answer?: Parameters<typeof startReceiver>[0],
  lost: string[] = [],
): Promise<readonly Received[]> {
  await using receiver = await startReceiver(answer)
  const settings = readAlertSettings(
    { targets: { ops: target(receiver.url) } },
    { URL: receiver.url, ...env },
  )
  await notify(settings, changes, lost)
  return receiver.received
}

async function notify(
  settings: ReturnType<typeof readAlertSettings>,
  changes: readonly AlertChange[],
  lost: string[] = [],
  patience?: number,
): Promise<void> {
  await using notifier = new Notifier({
    settings,
    gateway: 'gate-1',
    clock: systemClock,
    onLost: (target, reason) => lost.push(`${target}: ${reason}`),
  })
  for (const change of changes) notifier.tell(change)
  const flushed = notifier.flush()
  await (patience === undefined
    ? flushed
    : Promise.race([flushed, new Promise((resolve) => setTimeout(resolve, patience))]))
}

function slackAnswer({ headers, body }: Received): { status: number; body: string } {
  if (headers['content-type'] !== 'application/json') return { status: 400, body: 'invalid_payload' }
  const { text } = JSON.parse(body) as { text?: string }
  return text === undefined ? { status: 400, body: 'no_text' } : { status: 200, body: 'ok' }
}

/** What the Events API v2 would not take. */
function pagerDutyMistakes(event: Readonly<Record<string, unknown>>): readonly string[] {
  const payload = event['payload'] as Readonly<Record<string, string>> | undefined
  const isTrigger = event['event_action'] === 'trigger'
  return [
    ...(['trigger', 'acknowledge', 'resolve'].includes(String(event['event_action']))
      ? []
      : ['event_action']),
    ...(isTrigger && (payload?.['summary']?.length ?? 0) === 0 ? ['summary'] : []),
    ...((payload?.['summary']?.length ?? 0) > 1_024 ? ['summary'] : []),
    ...(isTrigger && !['critical', 'error', 'warning', 'info'].includes(payload?.['severity'] ?? '')
      ? ['severity']
      : []),
    ...(isTrigger && payload?.['source'] === undefined ? ['source'] : []),
  ]
}

function alertCount(body: string): number {
  return (JSON.parse(body) as { data: { alerts: object[] } }).data.alerts.length
}

interface Mail {
  readonly to: readonly string[]
  readonly text: string
}

async function startMailServer() {
  const mails: Mail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        mails.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
        })
        callback()
      })
    },
  })
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await new Promise((resolve) => listening.once('listening', resolve))
  return {
    mails,
    port: (listening.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
