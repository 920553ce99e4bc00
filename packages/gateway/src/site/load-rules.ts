import { createWaf } from '@gateward/waf'
import type { Configuration } from '../config/configuration.ts'
import type { WafGuardSettings } from '../guards/waf/settings.ts'
import type { RulesReading } from './reload.ts'

/** Loads the WAF's rules that a configuration names, also where the guard is off: an operation may turn it on. */
export async function loadRules(configuration: Configuration): Promise<RulesReading> {
  const { rules, budget } = settingsOf(configuration)
  const reading = await createWaf({ rules, settings: { budget: budget * 1_000 } })
  reading.waf?.warmUp()
  return reading
}

/** The rule files that a configuration names, `core` for the built-in set. */
export function wafRulesOf(configuration: Configuration): readonly string[] {
  return settingsOf(configuration).rules
}

/** The schema of the section `waf` is the guard's own; the catalog only knows what all guards have in common. */
function settingsOf({ guards }: Configuration): WafGuardSettings {
  return guards['waf'] as WafGuardSettings
}
