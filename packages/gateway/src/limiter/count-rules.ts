import type { Exchange } from '../exchange/exchange.ts'
import type { LimitStanding } from '../exchange/limit-standing.ts'
import type { Limiter, LimitPolicy } from './limiter.ts'

/** Whom to count, and by which policies. */
export interface CountingRule {
  keyOf(exchange: Exchange): string
  policiesOf(exchange: Exchange): readonly LimitPolicy[]
}

/** What came of counting one request: how it stands everywhere it was counted, and where it was refused. */
export interface Tally {
  readonly standings: LimitStanding[]
  refused: LimitStanding | undefined
}

/**
 * Counts one request by every policy of every rule, in order, until one refuses; what follows the refusal is not
 * charged. It decides at once unless a count has to be read from a store first.
 */
export function countRules(
  limiter: Limiter,
  exchange: Exchange,
  rules: readonly CountingRule[],
  cost: number,
  tally: Tally,
  from = 0,
): Tally | Promise<Tally> {
  for (let index = from; index < rules.length; index++) {
    const rule = rules[index] as CountingRule
    const counted = countPolicies(limiter, rule.keyOf(exchange), rule.policiesOf(exchange), cost, tally)
    if (counted instanceof Promise)
      return counted.then(() =>
        tally.refused === undefined ? countRules(limiter, exchange, rules, cost, tally, index + 1) : tally,
      )
    if (tally.refused !== undefined) return tally
  }
  return tally
}

function countPolicies(
  limiter: Limiter,
  key: string,
  policies: readonly LimitPolicy[],
  cost: number,
  tally: Tally,
  from = 0,
): undefined | Promise<undefined> {
  for (let index = from; index < policies.length; index++) {
    const standing = limiter.take(key, policies[index] as LimitPolicy, cost)
    if (standing instanceof Promise)
      return standing.then((settled) => {
        if (enter(tally, settled)) return countPolicies(limiter, key, policies, cost, tally, index + 1)
        return undefined
      })
    if (!enter(tally, standing)) return undefined
  }
  return undefined
}

function enter(tally: Tally, standing: LimitStanding): boolean {
  tally.standings.push(standing)
  if (!standing.allowed) tally.refused = standing
  return standing.allowed
}
