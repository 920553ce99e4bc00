import type { RuleSet } from '../3-compile/compile-rules.ts'
import type { CompiledRule } from '../3-compile/compiled-rule.ts'
import type { CompiledOperator } from '../operators/operator.ts'

/** What one rule has cost. */
export interface RuleCost {
  readonly id: number
  readonly position: CompiledRule['position']
  /** Milliseconds of its operators, their prefilters included. */
  milliseconds: number
  /** How many values its operators were run on, behind the prefilters. */
  runs: number
  /** How many they were found in. */
  hits: number
}

/** A rule set whose operators are timed, and what they cost so far. */
export interface ProfiledRules {
  readonly ruleSet: RuleSet
  readonly costs: () => readonly RuleCost[]
}

/**
 * Makes a copy of a rule set that measures itself: every operator of every rule, where screens and the serial run ask it.
 * Slower than the original, and for profiles alone.
 */
export function profileRules(ruleSet: RuleSet): ProfiledRules {
  const costs = new Map<number, RuleCost>()
  const rules = new Map<CompiledRule, CompiledRule>()
  const operators = new Map<CompiledOperator, CompiledOperator>()
  for (const rule of ruleSet.rules) {
    const cost: RuleCost = { id: rule.id, position: rule.position, milliseconds: 0, runs: 0, hits: 0 }
    costs.set(rule.ordinal, cost)
    rules.set(rule, { ...rule, links: rule.links.map((link) => timeLink(link, cost, operators)) })
  }
  const timed = (rule: CompiledRule): CompiledRule => rules.get(rule) ?? rule
  const phases = ruleSet.phases.map((phase) => ({
    ...phase,
    rules: phase.rules.map(timed),
    screens: {
      ...phase.screens,
      screens: phase.screens.screens.map((screen) => ({
        ...screen,
        operator: operators.get(screen.operator) ?? screen.operator,
      })),
    },
  }))
  return {
    ruleSet: { ...ruleSet, rules: ruleSet.rules.map(timed), phases },
    costs: () => [...costs.values()],
  }
}

type Link = CompiledRule['links'][number]

function timeLink(link: Link, cost: RuleCost, operators: Map<CompiledOperator, CompiledOperator>): Link {
  const { condition } = link
  if (condition === undefined) return link
  const operator = timeOperator(condition.operator, cost)
  operators.set(condition.operator, operator)
  return { ...link, condition: { ...condition, operator } }
}

function timeOperator(operator: CompiledOperator, cost: RuleCost): CompiledOperator {
  const { regex } = operator
  return {
    ...operator,
    gaveUp: () => operator.gaveUp?.() ?? false,
    ...(regex !== undefined && { regex: { ...regex, prefilter: timePrefilter(regex.prefilter, cost) } }),
    test(value, scope, captures) {
      const started = performance.now()
      const holds = operator.test(value, scope, captures)
      cost.milliseconds += performance.now() - started
      cost.runs++
      if (holds) cost.hits++
      return holds
    },
  }
}

type Prefilter = NonNullable<CompiledOperator['regex']>['prefilter']

function timePrefilter(prefilter: Prefilter, cost: RuleCost): Prefilter {
  return {
    minLength: prefilter.minLength,
    requiredBytes: prefilter.requiredBytes,
    literals: prefilter.literals,
    condition: prefilter.condition,
    admitsBytes: (mask) => prefilter.admitsBytes(mask),
    admits(facts) {
      const started = performance.now()
      const admitted = prefilter.admits(facts)
      cost.milliseconds += performance.now() - started
      return admitted
    },
  }
}
