import type { SourcePosition } from '@gateward/kernel'
import type { ActionCall } from '../language/rule.ts'
import type { ReportAt } from './report-at.ts'

const withArgument = new Set(
  (
    'accuracy ctl expirevar id initcol logdata maturity msg phase redirect rev setenv setrsc setsid setuid setvar ' +
    'severity skip skipafter status t tag ver'
  ).split(' '),
)

const withoutArgument = new Set(
  'auditlog block capture chain deny drop log multimatch noauditlog nolog pass'.split(' '),
)

/** Reports an action that lacks its argument, or has one that would mean nothing. */
export function checkArguments(action: ActionCall, position: SourcePosition, report: ReportAt): void {
  const { name, argument } = action
  if (withArgument.has(name) && argument === undefined) {
    report(position, 'missing-argument', `the action ${name} has no argument`, `write ${name}:ARGUMENT`)
  } else if (withoutArgument.has(name) && argument !== undefined) {
    report(position, 'stray-argument', `the action ${name} takes no argument`, `write ${name} alone`)
  }
}
