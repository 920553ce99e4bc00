import { createWaf } from '@gateward/waf'
import type { Configuration } from '../config/configuration.ts'
import type { WafGuardSettings } from '../guards/waf/settings.ts'
import type { RulesReading } from './reload.ts'

/** Loads the WAF's rules that a configuration names, also where the guard is off: an operation may turn it on. */
export async function loadRules(configuration: Configuration): Promise<RulesReading> {
  // The schema of the section `waf` is the guard's own; the catalog only knows what all guards have in common.
  const { rules, budget } = configuration.guards['waf'] as WafGuardSettings
  const reading = await createWaf({ rules, settings: { budget: budget * 1_000 } })
  reading.waf?.warmUp()
  return reading
}
