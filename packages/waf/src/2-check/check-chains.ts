import type { ActionCall, Statement } from '../language/rule.ts'
import type { ReportAt } from './report-at.ts'

type Link = Extract<Statement, { kind: 'rule' | 'action' }>

/** What decides for a whole chain, and so stands at its first rule. */
const starterActions = new Set('allow block deny drop id pass phase redirect'.split(' '))

/**
 * Reports chains that lead nowhere: whose next rule is missing, or not a rule, or wants to decide for itself. A chain
 * that silently ended early would block more than was written, or nothing.
 */
export function checkChains(statements: readonly Statement[], report: ReportAt): void {
  let open: Link | undefined
  for (const statement of statements) {
    if (statement.kind !== 'rule' && statement.kind !== 'action') {
      if (open !== undefined) reportBroken(open, report)
      open = undefined
      continue
    }
    if (open !== undefined) checkLink(statement, report)
    open = hasChain(statement.actions) ? statement : undefined
  }
  if (open !== undefined) reportBroken(open, report)
}

function checkLink(link: Link, report: ReportAt): void {
  for (const { name } of link.actions) {
    if (!starterActions.has(name)) continue
    const message = `the action ${name} stands in a chained rule`
    report(link.position, 'chained-action', message, "write it at the chain's first rule")
  }
}

function reportBroken(link: Link, report: ReportAt): void {
  const fix = 'write the next rule directly after it, or remove chain'
  report(link.position, 'broken-chain', 'no rule follows this chain', fix)
}

function hasChain(actions: readonly ActionCall[]): boolean {
  return actions.some(({ name }) => name === 'chain')
}
