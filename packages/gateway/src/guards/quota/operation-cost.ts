import type { GuardInput } from '../guard.ts'
import { costSetting, type QuotaSettings } from './settings.ts'

/** What a request of the operation costs: its `x-gateward: { cost }`, else the setting. */
export function operationCost({ operation, settings, report }: GuardInput<QuotaSettings>): number {
  const written = operation?.extension?.['cost']
  if (written === undefined) return settings.cost
  const cost = costSetting.safeParse(written)
  if (cost.success) return cost.data
  report({
    code: 'invalid-cost',
    severity: 'error',
    message: `operation ${operation?.id} has a cost that is no whole number from 0 to 1000000`,
    fix: 'write x-gateward: { cost: 5 }',
    ...(operation?.extensionPosition === undefined ? {} : { position: operation.extensionPosition }),
  })
  return settings.cost
}
