import { defineGuard } from '../guard.ts'
import { QuotaGuard } from './quota-guard.ts'
import { costSetting, quotaSettings } from './settings.ts'

/** Holds each consumer to its tier: rates, daily and monthly quotas, and how much may be under way at once. */
export const quotaGuard = defineGuard({
  name: 'quota',
  settings: quotaSettings,
  extension: {
    cost: costSetting.describe('Units of rate and quota that one request of the operation costs.'),
  },
  compile: (input) => new QuotaGuard(input),
})
