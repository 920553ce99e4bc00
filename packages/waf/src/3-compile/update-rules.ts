import { parseActions } from '../1-parse/parse-actions.ts'
import { parseTargets } from '../1-parse/parse-targets.ts'
import type { ActionCall } from '../language/rule.ts'
import type { Drafting } from './draft-rules.ts'
import type { Reporter } from './reporter.ts'
import type { RuleDraft } from './rule-draft.ts'
import { argumentsOf, argumentOf } from './rule-draft.ts'
import type { RuleCriterion } from './rule-index.ts'
import { RuleIndex } from './rule-index.ts'

/** `SecRuleRemoveById`, `…ByTag`, `…ByMsg`: takes rules out. */
export function removeRules(
  criterion: RuleCriterion,
  text: string,
  drafting: Drafting,
  reporter: Reporter,
): void {
  const removed = new Set(find(criterion, text, drafting, reporter))
  drafting.items = drafting.items.filter((item) => item.kind !== 'rule' || !removed.has(item.draft))
}

/** `SecRuleUpdateTargetById 942100 "!ARGS:comment" [REPLACED]`: changes what rules look at. */
export function updateTargets(
  criterion: RuleCriterion,
  values: readonly string[],
  drafting: Drafting,
  reporter: Reporter,
): void {
  const { which, rest } = split(criterion, values)
  const [added = '', replaced] = rest
  const targets = parseTargets(added, reporter.mistake)
  const old = replaced === undefined ? [] : parseTargets(replaced, reporter.mistake)
  const isReplaced = new Set(old.map((target) => JSON.stringify(target)))
  for (const draft of find(criterion, which, drafting, reporter)) {
    const link = draft.links[0]
    if (link === undefined) continue
    link.targets = [...link.targets.filter((target) => !isReplaced.has(JSON.stringify(target))), ...targets]
  }
}

/** `SecRuleUpdateActionById 942100 "deny,status:403"` or `942100:1` for a link of the chain. */
export function updateActions(values: readonly string[], drafting: Drafting, reporter: Reporter): void {
  const { which, rest } = split('id', values)
  const [text = ''] = rest
  const [ids = '', offset = '0'] = which.split(':')
  const actions = parseActions(text, reporter.mistake)
  for (const draft of find('id', ids, drafting, reporter)) {
    const link = draft.links[Number(offset)]
    if (link === undefined) {
      reporter.refuse('no-such-link', `rule ${draft.id} has no link ${offset}`, 'count links from 0')
      continue
    }
    link.actions = merge(link.actions, actions)
    draft.message = argumentOf(draft.links[0]?.actions ?? [], 'msg')
    draft.tags = argumentsOf(draft.links[0]?.actions ?? [], 'tag')
  }
}

/** Which rules, of which ids may be several words, and what is said of them. */
function split(
  criterion: RuleCriterion,
  values: readonly string[],
): { readonly which: string; readonly rest: readonly string[] } {
  const first = criterion === 'id' ? values.findIndex((value) => !/^[\d\s,:-]+$/.test(value)) : 1
  const count = Math.max(1, first === -1 ? values.length : first)
  return { which: values.slice(0, count).join(' '), rest: values.slice(count) }
}

function merge(before: readonly ActionCall[], update: readonly ActionCall[]): readonly ActionCall[] {
  const names = new Set(update.filter(({ name }) => !repeatable.has(name)).map(({ name }) => name))
  const isDisruptive = update.some(({ name }) => disruptive.has(name))
  const kept = before.filter(({ name }) => !names.has(name) && !(isDisruptive && disruptive.has(name)))
  return [...kept, ...update.filter(({ name }) => name !== 'id' && name !== 'phase' && name !== 'chain')]
}

const repeatable = new Set(['t', 'tag', 'setvar', 'ctl', 'initcol', 'expirevar', 'id', 'phase', 'chain'])

const disruptive = new Set(['allow', 'block', 'deny', 'drop', 'pass', 'redirect'])

function find(
  criterion: RuleCriterion,
  text: string,
  drafting: Drafting,
  reporter: Reporter,
): readonly RuleDraft[] {
  const rules: RuleDraft[] = []
  for (const item of drafting.items) if (item.kind === 'rule') rules.push(item.draft)
  const found = new RuleIndex(rules).find(criterion, text, reporter) ?? []
  if (found.length === 0) {
    reporter.warn(
      'no-such-rule',
      `no rule has the ${criterion} "${text}"`,
      'correct it, or load the rules that it is about',
    )
  }
  return found
}
