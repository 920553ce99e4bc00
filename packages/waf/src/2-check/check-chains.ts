import type { ActionCall, Statement } from '../language/rule.ts'
import type { ReportAt } from './report-at.ts'

type Link = Extract<Statement, { kind: 'rule' | 'action' }>

/** What decides for a whole chain, and so stands at its first rule. */
const starterActions = new Set('allow block deny drop pass redirect'.split(' '))

/** What a chain has from its first rule, and other engines let stand at the others. */
const inheritedActions = new Set(['id', 'phase'])

/**
 * Reports chains that lead nowhere: whose next rule is missing, or not a rule, or wants to decide for itself. A chain
 * that silently ended early would block more than was written, or nothing. One that is open where the last file ends never
 * matches, as in other engines.
 */
export function checkChains(statements: readonly Statement[], report: ReportAt): void {
  let open: Link | undefined
  for (const statement of statements) {
    if (statement.kind !== 'rule' && statement.kind !== 'action') {
      if (open !== undefined)
        report(open.position, 'broken-chain', 'no rule follows this chain', continueChain)
      open = undefined
      continue
    }
    if (open !== undefined) checkLink(statement, report)
    open = hasChain(statement.actions) ? statement : undefined
  }
  if (open !== undefined) {
    const message = 'no rule follows this chain, so that it never matches'
    report(open.position, 'broken-chain', message, continueChain, 'warning')
  }
}

const continueChain = 'write the next rule directly after it, or remove chain'

function checkLink(link: Link, report: ReportAt): void {
  for (const { name } of link.actions) {
    if (starterActions.has(name)) {
      const message = `the action ${name} stands in a chained rule`
      report(link.position, 'chained-action', message, "write it at the chain's first rule")
    } else if (inheritedActions.has(name)) {
      const message = `the action ${name} stands in a chained rule and means nothing there`
      report(link.position, 'chained-action', message, 'remove it', 'warning')
    }
  }
}

function hasChain(actions: readonly ActionCall[]): boolean {
  return actions.some(({ name }) => name === 'chain')
}
