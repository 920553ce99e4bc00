import type { Diagnostic, SourcePosition } from '@gateward/kernel'
import type { ActionCall, Statement } from '../language/rule.ts'
import { checkArguments } from './check-arguments.ts'
import { checkChains } from './check-chains.ts'
import { checkEnvironment } from './check-environment.ts'
import { refusedActions, refusedDirectives } from './refused-names.ts'
import type { ReportAt } from './report-at.ts'

/**
 * Finds what is wrong with statements as such, before anything of them is compiled: names refused on purpose, chains
 * that are broken, actions with too many or too few arguments. What the names mean is the compiler's part.
 */
export function checkStatements(statements: readonly Statement[]): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const report: ReportAt = (position, code, message, fix, severity = 'error') => {
    diagnostics.push({ code, severity, message, fix, position })
  }
  for (const statement of statements) checkNames(statement, report)
  checkChains(statements, report)
  checkEnvironment(statements, report)
  return diagnostics
}

function checkNames(statement: Statement, report: ReportAt): void {
  switch (statement.kind) {
    case 'directive': {
      const reason = refusedDirectives.get(statement.name.toLowerCase())
      if (reason === undefined) return
      report(statement.position, 'refused-directive', `${statement.name} is refused: ${reason}`, 'remove it')
      return
    }
    case 'rule':
    case 'action':
      checkActions(statement.actions, statement.position, report)
      return
    case 'marker':
  }
}

function checkActions(actions: readonly ActionCall[], position: SourcePosition, report: ReportAt): void {
  for (const action of actions) {
    const reason = refusedActions.get(action.name)
    if (reason === undefined) checkArguments(action, position, report)
    else report(position, 'refused-action', `the action ${action.name} is refused: ${reason}`, 'remove it')
  }
}
