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

/** The rules of the settings, compiled. */
export interface CompiledRules {
  readonly rates: readonly CountingRule[]
  readonly concurrency: readonly ConcurrencyRule[]
  readonly policies: readonly LimitPolicy[]
}

/** Compiles the rules of the settings for one operation. */
export function compileRules(input: GuardInput<QuotaSettings>): CompiledRules {
  const scope = limitScope('quota', input)
  const rates: CountingRule[] = []
  const concurrency: ConcurrencyRule[] = []
  const all: LimitPolicy[] = []
  for (const rule of input.settings.rules) {
    const policies = compilePolicies(rule, scope)
    const keyOf = compileKey(rule.by)
    all.push(...policies)
    if (policies.length > 0) rates.push({ keyOf, policiesOf: () => policies })
    if (rule.concurrency !== undefined)
      concurrency.push({ keyOf: prefixed(`${scope} rule ${rule.name} `, keyOf), limit: rule.concurrency })
  }
  return { rates, concurrency, policies: all }
}

function compilePolicies(rule: Rule, scope: string): readonly LimitPolicy[] {
  const { name, rate, quota = [], algorithm } = rule
  const family = `${scope}/${name}`
  const rates = rate === undefined ? [] : [toRatePolicy(rate, name, `${family}/${rate.limit}`, algorithm)]
  return [...rates, ...quota.map((each) => toQuotaPolicy(each, `${name}-${each.period}`, family))]
}

function prefixed(prefix: string, keyOf: (exchange: Exchange) => string): (exchange: Exchange) => string {
  return (exchange) => prefix + keyOf(exchange)
}
