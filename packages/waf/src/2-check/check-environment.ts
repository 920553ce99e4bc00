import { readSetenv } from '../3-compile/compile-setenv.ts'
import type { ActionCall, Statement } from '../language/rule.ts'
import type { ReportAt } from './report-at.ts'

/**
 * Reports rules about a variable of the environment that no rule sets: only what `setenv` sets is there, so that such a rule could
 * never match.
 */
export function checkEnvironment(statements: readonly Statement[], report: ReportAt): void {
  const set = new Set(statements.flatMap(actionsOf).flatMap(nameSet))
  for (const statement of statements) {
    if (statement.kind !== 'rule') continue
    for (const { variable, selector } of statement.targets) {
      if (variable !== 'ENV' || selector?.kind !== 'name' || set.has(selector.name.toLowerCase())) continue
      report(
        statement.position,
        'unset-environment',
        `no rule sets ENV:${selector.name}, and the environment of the process is not shown to rules, since secrets are kept there`,
        `write setenv:${selector.name}=VALUE in a rule before it, or remove the target`,
      )
    }
  }
}

function actionsOf(statement: Statement): readonly ActionCall[] {
  return statement.kind === 'rule' || statement.kind === 'action' ? statement.actions : []
}

function nameSet({ name, argument = '' }: ActionCall): readonly string[] {
  const read = name === 'setenv' ? readSetenv(argument) : undefined
  return read === undefined ? [] : [read.name.toLowerCase()]
}
