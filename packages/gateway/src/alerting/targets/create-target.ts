import type { AlertTarget } from '../notification.ts'
import type { TargetSettings } from '../settings.ts'
import { emailTarget } from './email.ts'
import { opsgenieTarget } from './opsgenie.ts'
import { pagerdutyTarget } from './pagerduty.ts'
import { slackTarget } from './slack.ts'
import { teamsTarget } from './teams.ts'
import { webhookTarget } from './webhook.ts'

/** Opens what the settings of a target name; they name exactly one. */
export function createTarget(settings: TargetSettings): AlertTarget {
  const { webhook, slack, teams, pagerduty, opsgenie, email } = settings
  if (webhook !== undefined) return webhookTarget(webhook)
  if (slack !== undefined) return slackTarget(slack)
  if (teams !== undefined) return teamsTarget(teams)
  if (pagerduty !== undefined) return pagerdutyTarget(pagerduty)
  if (opsgenie !== undefined) return opsgenieTarget(opsgenie)
  if (email !== undefined) return emailTarget(email)
  throw new Error('a target is one of its kinds: the schema lets no other pass')
}
