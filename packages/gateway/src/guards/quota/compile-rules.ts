import type { Exchange } from '../../exchange/exchange.ts'
import type { CountingRule } from '../../limiter/count-rules.ts'
import { compileKey } from '../../limiter/dimension.ts'
import { limitScope } from '../../limiter/limit-scope.ts'
import type { LimitPolicy } from '../../limiter/limiter.ts'
import { toQuotaPolicy, toRatePolicy } from '../../limiter/rate.ts'
import type { GuardInput } from '../guard.ts'
import type { QuotaSettings } from './settings.ts'

type Rule = QuotaSettings['rules'][number]

/** How many requests of one caller may be under way at once. */
export interface ConcurrencyRule {
  keyOf(exchange: Exchange): string
  readonly limit: number
}

/** Compiles the rules; one that could never be passed at this cost is reported. */
export function compileRules(
  input: GuardInput<QuotaSettings>,
  cost: number,
): { readonly rates: readonly CountingRule[]; readonly concurrency: readonly ConcurrencyRule[] } {
  const scope = limitScope('quota', input)
  const rates: CountingRule[] = []
  const concurrency: ConcurrencyRule[] = []
  for (const rule of input.settings.rules) {
    const policies = compilePolicies(rule, scope)
    const keyOf = compileKey(rule.by)
    for (const policy of policies) reportUnpassable(policy, cost, input)
    if (policies.length > 0) rates.push({ keyOf, policiesOf: () => policies })
    if (rule.concurrency !== undefined)
      concurrency.push({ keyOf: prefixed(`${scope} rule ${rule.name} `, keyOf), limit: rule.concurrency })
  }
  return { rates, concurrency }
}

function compilePolicies(rule: Rule, scope: string): readonly LimitPolicy[] {
  const { name, rate, quota = [], algorithm } = rule
  const family = `${scope}/${name}`
  const rates = rate === undefined ? [] : [toRatePolicy(rate, name, `${family}/${rate.limit}`, algorithm)]
  return [...rates, ...quota.map((each) => toQuotaPolicy(each, `${name}-${each.period}`, family))]
}

function reportUnpassable(policy: LimitPolicy, cost: number, input: GuardInput<QuotaSettings>): void {
  if (cost <= policy.burst) return
  const operation = input.operation?.id ?? input.api
  input.report({
    code: 'unpassable-limit',
    severity: 'error',
    message: `${operation} costs ${cost} and the limit ${policy.name} never holds more than ${policy.burst}, so every request would be refused`,
    fix: `raise the limit to ${cost} at least or lower the cost`,
  })
}

function prefixed(prefix: string, keyOf: (exchange: Exchange) => string): (exchange: Exchange) => string {
  return (exchange) => prefix + keyOf(exchange)
}
