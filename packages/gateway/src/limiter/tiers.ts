import type { LimitPolicy } from './limiter.ts'
import { toQuotaPolicy, toRatePolicy } from './rate.ts'
import type { TiersSettings } from './tiers-settings.ts'

/** The tiers of the running configuration by name; `undefined` finds the default tier, an unknown name nothing. */
export interface Tiers {
  find(name: string | undefined): Tier | undefined
  /** Every tier, the default first. */
  all(): readonly Tier[]
}

export interface Tier {
  readonly name: string
  /** Rates before quotas, so that a caller who is too fast spends no quota. */
  readonly policies: readonly LimitPolicy[]
  /** Most requests under way at once for one consumer, or `undefined`. */
  readonly concurrency: number | undefined
}

/**
 * Compiles the root setting `tiers`. Each site has its own; the counters are the limiter's, and go by a tier's name and
 * window, so that a reload forgets nothing that was counted.
 */
export function createTiers(settings: TiersSettings): Tiers {
  const byName = new Map(Object.entries(settings).map(([name, tier]) => [name, compileTier(name, tier)]))
  const all = [...byName.values()]
  return {
    find: (name) => (name === undefined ? all[0] : byName.get(name)),
    all: () => all,
  }
}

function compileTier(name: string, settings: TiersSettings[string]): Tier {
  const family = `tier/${name}`
  const rates = (settings.rate ?? []).map((rate, index) =>
    toRatePolicy(rate, index === 0 ? name : `${name}-${index + 1}`, family, settings.algorithm),
  )
  const quotas = (settings.quota ?? []).map((quota) =>
    toQuotaPolicy(quota, `${name}-${quota.period}`, family),
  )
  return { name, policies: [...rates, ...quotas], concurrency: settings.concurrency }
}
