import type { Exchange } from '../../exchange/exchange.ts'
import type { Tier, Tiers } from '../../limiter/tiers.ts'
import type { GuardInput } from '../guard.ts'
import type { QuotaSettings } from './settings.ts'

/** Finds the tier of a caller; one whose tier is gone is held to the default tier, never to none. */
export class TierFinder {
  readonly #tiers: Tiers
  readonly #defaultTier: string | undefined

  constructor(input: GuardInput<QuotaSettings>) {
    this.#tiers = input.services.tiers
    this.#defaultTier = input.settings.defaultTier
    reportUnknownTier(input)
  }

  find(exchange: Exchange): Tier | undefined {
    const { principal } = exchange
    const own = principal.kind === 'known' ? principal.tier : undefined
    return (
      (own === undefined ? undefined : this.#tiers.find(own)) ??
      this.#tiers.find(this.#defaultTier) ??
      this.#tiers.find(undefined)
    )
  }
}

function reportUnknownTier(input: GuardInput<QuotaSettings>): void {
  const { defaultTier } = input.settings
  if (input.services.tiers.find(defaultTier) !== undefined) return
  input.report({
    code: 'unknown-tier',
    severity: 'error',
    message: `guards.quota.defaultTier names the tier "${defaultTier}", and tiers declares none of that name`,
    fix: `declare it: tiers: { ${defaultTier}: { rate: 60/min } }`,
  })
}
