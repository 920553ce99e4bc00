import { globSync, readFileSync } from 'node:fs'
import { parseRules } from '../../packages/waf/src/1-parse/parse-rules.ts'
import type { Statement } from '../../packages/waf/src/language/rule.ts'

/** What of a rule decides how engines may differ about it. */
export interface RuleFacts {
  readonly operator: string
  readonly isChain: boolean
  /** It matches where an expression does that has a `^` or a `$` outside of classes of characters. */
  readonly hasAnchors: boolean
  /** It, or a rule of its chain, matches where such an expression does not. */
  readonly negatesAnchors: boolean
  /** It compares or tells scores that other rules summed up. */
  readonly isAboutScores: boolean
}

/** Reads the facts of every rule in a folder, by its number. */
export function readRuleFacts(folder: string): ReadonlyMap<number, RuleFacts> {
  const facts = new Map<number, RuleFacts>()
  for (const file of globSync(`${folder}/*.conf`)) {
    let last: number | undefined
    for (const statement of parseRules(readFileSync(file, 'latin1'), file).statements) {
      const id = idOf(statement)
      const before = facts.get(last ?? 0)
      if (id !== undefined) facts.set((last = id), factsOf(statement))
      else if (last !== undefined && before !== undefined && statement.kind === 'rule') {
        facts.set(last, { ...before, negatesAnchors: before.negatesAnchors || hasAnchors(statement, true) })
      }
    }
  }
  return facts
}

function actionsOf(statement: Statement) {
  return statement.kind === 'rule' || statement.kind === 'action' ? statement.actions : []
}

function idOf(statement: Statement): number | undefined {
  const id = actionsOf(statement).find(({ name }) => name === 'id')?.argument
  return id === undefined ? undefined : Number(id)
}

function factsOf(statement: Statement): RuleFacts {
  const actions = actionsOf(statement)
  const targets = statement.kind === 'rule' ? statement.targets : []
  const has = (name: string) => actions.some((action) => action.name === name)
  return {
    operator: statement.kind === 'rule' ? statement.operator.name.toLowerCase() : '',
    isChain: has('chain'),
    hasAnchors: hasAnchors(statement, false),
    negatesAnchors: hasAnchors(statement, true),
    isAboutScores:
      targets.some(({ selector }) => selector?.kind === 'name' && /anomaly_score/i.test(selector.name)) ||
      actions.some(
        ({ name, argument = '' }) => name === 'msg' && /%\{tx\.[a-z_]*anomaly_score/i.test(argument),
      ),
  }
}

function hasAnchors(statement: Statement, negated: boolean): boolean {
  if (statement.kind !== 'rule' || statement.operator.negated !== negated) return false
  return /[$^]/.test(withoutClasses(statement.operator.argument))
}

function withoutClasses(expression: string): string {
  return expression.replace(/\\./g, '').replace(/\[\^?\]?[^\]]*\]/g, '')
}
