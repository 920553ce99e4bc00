import { z } from 'zod'
import { certificateAuthority, endpointUrl, secretUrl } from '../delivery/settings.ts'
import { secret } from '../settings/references.ts'
import { duration } from '../settings/units.ts'
import { ruleCatalog, type RuleName } from './rule-catalog.ts'

const severity = z.enum(['low', 'medium', 'high', 'critical'])

const ca = certificateAuthority

const address = z.email({ error: 'write an e-mail address' })

const targetSettings = z
  .strictObject({
    minimum: severity.default('low').describe('Alerts that are less severe are not sent here.'),
    resolved: z.boolean().default(true).describe('Whether the end of an alert is told, too.'),
    webhook: z
      .strictObject({
        url: endpointUrl().describe('Where alerts are posted as JSON.'),
        secret: secret().describe(
          'The key under which each delivery is signed (HMAC-SHA-256 over id, time and body, as Standard Webhooks writes it).',
        ),
        ca,
      })
      .optional()
      .describe('Any service: signed JSON.'),
    slack: z
      .strictObject({ url: secretUrl().describe('The address of an incoming webhook.'), ca })
      .optional()
      .describe('A Slack channel.'),
    teams: z
      .strictObject({ url: secretUrl().describe('The address of a workflow that posts to a channel.'), ca })
      .optional()
      .describe('A Microsoft Teams channel.'),
    pagerduty: z
      .strictObject({
        routingKey: secret().describe('The integration key of a service (Events API v2).'),
        url: endpointUrl()
          .default('https://events.pagerduty.com/v2/enqueue')
          .describe('The Events API; https://events.eu.pagerduty.com/v2/enqueue in the EU region.'),
        ca,
      })
      .optional()
      .describe('A PagerDuty service.'),
    opsgenie: z
      .strictObject({
        apiKey: secret().describe('The key of an API integration.'),
        url: endpointUrl()
          .default('https://api.opsgenie.com/v2/alerts')
          .describe('The Alert API; https://api.eu.opsgenie.com/v2/alerts in the EU.'),
        ca,
      })
      .optional()
      .describe('An Opsgenie team.'),
    email: z
      .strictObject({
        host: z.string().min(1).max(253).describe('The mail server.'),
        port: z
          .int()
          .min(1)
          .max(65_535)
          .default(587)
          .describe('465 is TLS from the first byte; else STARTTLS.'),
        user: z.string().min(1).optional().describe('The name to log in with.'),
        password: secret().optional().describe('The password to log in with.'),
        from: address.describe('The sender.'),
        to: z.array(address).min(1).max(50).describe('The receivers.'),
        plain: z
          .boolean()
          .default(false)
          .describe('Whether mail may leave unencrypted; only to a server on this machine.'),
        ca,
      })
      .refine(({ plain, host }) => !plain || ['localhost', '127.0.0.1', '::1'].includes(host), {
        error: 'mail would leave this machine unencrypted; take plain away',
      })
      .optional()
      .describe('E-mail over SMTP.'),
  })
  .refine((target) => kindsOf(target).length === 1, {
    error: 'a target is exactly one of webhook, slack, teams, pagerduty, opsgenie and email',
  })

/** What a target can be. */
export const targetKinds = ['webhook', 'slack', 'teams', 'pagerduty', 'opsgenie', 'email'] as const

export type TargetSettings = z.output<typeof targetSettings>

export function kindsOf(target: object): readonly (typeof targetKinds)[number][] {
  return targetKinds.filter((kind) => (target as Readonly<Record<string, unknown>>)[kind] !== undefined)
}

const targetName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, {
  error: 'name a target in lower case, such as on-call',
})

/** The settings of one rule; which of them it has, and with what defaults, the catalog says. */
export interface RuleSettings {
  readonly enabled: boolean
  readonly severity: z.output<typeof severity>
  readonly threshold: number
  readonly window: number
  readonly share: number
}

function ruleSettings({ summary, defaults }: (typeof ruleCatalog)[RuleName]) {
  return z
    .strictObject({
      enabled: z.boolean().default(true).describe('Whether the rule is looked at.'),
      severity: severity.default(defaults.severity).describe('How bad it is.'),
      threshold: z
        .int()
        .min(1)
        .max(1_000_000_000)
        .default(defaults.threshold)
        .describe('How many times within the window make an alert.'),
      window: duration(defaults.window).describe(
        'How long times are counted together; after as long without any, the alert is over.',
      ),
      share: z
        .number()
        .min(0)
        .max(1)
        .default(defaults.share)
        .describe("And at least this part of the API's requests in the window; 0: however many there are."),
    })
    .prefault({})
    .describe(summary)
}

const rules = Object.fromEntries(
  Object.entries(ruleCatalog).map(([name, rule]) => [name, ruleSettings(rule)]),
) as Record<RuleName, ReturnType<typeof ruleSettings>>

/** The root section `alerts`: who is told when something needs a person. */
export const alertSettings = z
  .strictObject({
    targets: z
      .record(targetName, targetSettings)
      .default({})
      .describe(
        'Where alerts go, by name; without any they are in the log, on the dashboard and in `gateward alerts list`.',
      ),
    group: duration('500ms').describe(
      'How long alerts of one rule wait for others, to go out in one message.',
    ),
    repeat: duration('4h').describe('After how long an alert that goes on is told again.'),
    escalation: z
      .strictObject({
        after: duration('30m').describe('How long an alert goes on before it is escalated.'),
        to: z
          .array(targetName)
          .default([])
          .describe('Targets that hear of escalated alerts; none: no escalation.'),
        minimum: severity.default('high').describe('Alerts that are less severe are not escalated.'),
      })
      .prefault({})
      .describe('Who is told when an alert does not end. These targets hear of nothing else.'),
    keep: duration('90d').describe('How long alerts that are over are kept.'),
    rules: z.strictObject(rules).prefault({}).describe('What is looked at.'),
  })
  .superRefine(({ targets, escalation }, context) => {
    escalation.to.forEach((name, index) => {
      if (!Object.hasOwn(targets, name))
        context.addIssue({
          code: 'custom',
          path: ['escalation', 'to', index],
          message: `there is no target "${name}"`,
          params: { fix: 'name one of alerts.targets' },
        })
    })
  })

export type AlertSettings = z.output<typeof alertSettings>
