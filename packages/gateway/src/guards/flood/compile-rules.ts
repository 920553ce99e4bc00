import { defineProblem, type Problem } from '@gateward/kernel'
import type { Exchange } from '../../exchange/exchange.ts'
import type { CountingRule } from '../../limiter/count-rules.ts'
import { compileKey } from '../../limiter/dimension.ts'
import type { LimitPolicy } from '../../limiter/limiter.ts'
import { toRatePolicy } from '../../limiter/rate.ts'
import { limitScope } from '../../limiter/limit-scope.ts'
import type { GuardInput } from '../guard.ts'
import type { FloodSettings } from './settings.ts'

/** How many requests of one kind may be under way at once. */
export interface SlotRule {
  keyOf(exchange: Exchange): string
  readonly limit: number
  readonly problem: Problem
}

/** The rates that a request is counted by, the one by address first. */
export function compileRates({ settings, ...input }: GuardInput<FloodSettings>): readonly CountingRule[] {
  const scope = limitScope('flood', input)
  const byAddress = toRatePolicy(
    settings.rate,
    'address',
    familyOf(scope, '', settings.rate.limit),
    settings.algorithm,
  )
  const rules: CountingRule[] = [{ keyOf: compileKey(['address']), policiesOf: constantly([byAddress]) }]
  for (const { name, by, rate, algorithm } of settings.rules) {
    if (rate === undefined) continue
    const policy = toRatePolicy(rate, name, familyOf(scope, name, rate.limit), algorithm)
    rules.push({ keyOf: compileKey(by), policiesOf: constantly([policy]) })
  }
  return rules
}

/** The caps on what is under way, the one on everything first. */
export function compileSlots({ settings, ...input }: GuardInput<FloodSettings>): readonly SlotRule[] {
  const scope = limitScope('flood', input)
  const slots: SlotRule[] = [
    { keyOf: () => 'flood total', limit: settings.totalConcurrency, problem: overloaded },
    slotRule(`${scope} address `, compileKey(['address']), settings.concurrency),
  ]
  for (const { name, by, concurrency } of settings.rules)
    if (concurrency !== undefined) slots.push(slotRule(`${scope} rule ${name} `, compileKey(by), concurrency))
  return slots
}

/** How often one address may fail to authenticate: the same count for all operations. */
export function compileFailurePolicy({ authenticationFailures }: FloodSettings): LimitPolicy | undefined {
  if (authenticationFailures === 'off') return undefined
  const family = familyOf('flood', 'authentication-failures', authenticationFailures.limit)
  return toRatePolicy(authenticationFailures, 'authentication-failures', family, 'token-bucket')
}

// Where APIs or operations have other rates than the rest, they count apart: a strict limit on one operation is not
// spent by requests to others.
function familyOf(scope: string, rule: string, limit: number): string {
  return `${scope}/${rule}/${limit}`
}

function slotRule(prefix: string, keyOf: (exchange: Exchange) => string, limit: number): SlotRule {
  const problem = defineProblem('CONCURRENCY_EXCEEDED', `${limit} requests are under way already`, {
    headers: [['retry-after', '1']],
  })
  return { keyOf: (exchange) => prefix + keyOf(exchange), limit, problem }
}

const overloaded = defineProblem('OVERLOADED', 'as many requests as allowed are under way in all', {
  headers: [['retry-after', '1']],
})

function constantly(policies: readonly LimitPolicy[]): () => readonly LimitPolicy[] {
  return () => policies
}
