import { createWaf, type CreatedWaf } from '@gateward/waf'
import type { Configuration } from '../config/configuration.ts'
import type { WafGuardSettings } from '../guards/waf/settings.ts'
import type { RulesReading } from './reload.ts'

/**
 * Makes what loads the WAF's rules that a configuration names, also where the guard is off: an operation may turn it on. The engine
 * that it gave last goes on, with what its rules have collected, for as long as neither their files nor its settings change.
 */
export function createRulesLoader(): (configuration: Configuration) => Promise<RulesReading> {
  let last: { readonly key: string; readonly reading: CreatedWaf } | undefined
  return async (configuration) => {
    const { rules, budget } = settingsOf(configuration)
    const key = JSON.stringify([rules, budget])
    const settings = { budget: budget * 1_000 }
    const previous = last?.key === key ? last.reading : undefined
    const reading = await createWaf({ rules, settings, ...(previous && { previous }) })
    if (reading !== previous) await reading.waf?.warmUp()
    last = { key, reading }
    const { waf, diagnostics, files, digests } = reading
    return { waf, diagnostics, files, digest: [digests.rules, ...digests.data.values()].join(' ') }
  }
}

/** The rule files that a configuration names, `core` for the built-in set. */
export function wafRulesOf(configuration: Configuration): readonly string[] {
  return settingsOf(configuration).rules
}

/** The schema of the section `waf` is the guard's own; the catalog only knows what all guards have in common. */
function settingsOf({ guards }: Configuration): WafGuardSettings {
  return guards['waf'] as WafGuardSettings
}
