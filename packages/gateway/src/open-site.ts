import type { Clock, Diagnostic } from '@gateward/kernel'
import type { Configuration } from './config/configuration.ts'
import { createApiKeys } from './keyring/create-api-keys.ts'
import { createIssuerKeys } from './keyring/create-issuer-keys.ts'
import { createMemoryLimiter } from './limiter/limiter-memory.ts'
import { createTiers } from './limiter/tiers.ts'
import type { OpenKeyring } from './open-keyring.ts'
import { createRulesLoader } from './site/load-rules.ts'
import { createSiteHolder } from './site/reload.ts'
import type { Site } from './site/site.ts'

/** A site that nobody listens for, and what compiling it had to say. */
export interface SiteReading {
  /** `undefined` where a mistake stood in the way. */
  readonly site: Site | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Compiles a configuration as a start does, with the guards' services; `stack` closes what was opened. */
export async function openSite(
  configuration: Configuration,
  diagnostics: readonly Diagnostic[],
  { store, dataKeys, pepper }: OpenKeyring,
  clock: Clock,
  stack: AsyncDisposableStack,
): Promise<SiteReading> {
  const limiter = stack.use(createMemoryLimiter({ quotas: store.quotas, clock }))
  const issuerKeys = stack.use(createIssuerKeys({ clock }))
  const holder = stack.use(
    createSiteHolder({
      load: () => Promise.resolve({ configuration, diagnostics }),
      rules: createRulesLoader(),
      services: ({ environment, anonymous, tiers }) => ({
        clock,
        limiter,
        issuerKeys,
        dataKeys,
        tiers: createTiers(tiers),
        apiKeys: createApiKeys({ store: store.apiKeys, pepper, environment, clock }),
        anonymousByDefault: anonymous,
        environment,
      }),
      clock,
    }),
  )
  const outcome = await holder.reload('check')
  return { site: holder.running()?.site, diagnostics: outcome.diagnostics }
}
