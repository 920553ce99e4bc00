import type { LimitPolicy } from '../../limiter/limiter.ts'
import type { GuardInput } from '../guard.ts'
import type { QuotaSettings } from './settings.ts'

/** What a request of the operation costs: its `x-gateward: { cost }`, which the load has checked, else the setting. */
export function operationCost({ operation, settings }: GuardInput<QuotaSettings>): number {
  const written = operation?.extension?.['cost']
  return typeof written === 'number' ? written : settings.cost
}

/** Reports the limits, of tiers and of rules, that could never hold what one request costs. */
export function reportUnpayable(
  cost: number,
  policies: readonly LimitPolicy[],
  input: GuardInput<QuotaSettings>,
): void {
  const { operation, api, services } = input
  const ofTiers = services.tiers.all().flatMap((tier) => tier.policies)
  for (const { name, burst } of [...ofTiers, ...policies]) {
    if (cost <= burst) continue
    const position = operation?.extensionPosition
    input.report({
      code: 'unpayable-cost',
      severity: 'error',
      message: `a request to ${operation?.id ?? api} costs ${cost}, and the limit ${name} never holds more than ${burst}: it would always be refused`,
      fix: `lower the cost to ${burst} or raise the limit to ${cost}`,
      ...(position === undefined ? {} : { position }),
    })
  }
}
