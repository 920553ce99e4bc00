import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasErrors, systemClock, type Diagnostic } from '@gateward/kernel'
import { loadConfiguration, type ConfigurationRequest } from './config/load.ts'
import { createApiKeys } from './keyring/create-api-keys.ts'
import { createIssuerKeys } from './keyring/create-issuer-keys.ts'
import { createMemoryLimiter } from './limiter/limiter-memory.ts'
import { createTiers } from './limiter/tiers.ts'
import { openKeyring } from './open-keyring.ts'
import { loadRules } from './site/load-rules.ts'
import { createSiteHolder } from './site/reload.ts'
import { checkEnvironment } from './upstream/check-environment.ts'

/** What a start would say. */
export interface ConfigurationCheck {
  readonly diagnostics: readonly Diagnostic[]
  /** How many operations would be served. */
  readonly operations: number
}

/** Loads and compiles everything as a start does, on a store of its own that is gone afterwards, and listens nowhere. */
export async function checkConfiguration(request: ConfigurationRequest): Promise<ConfigurationCheck> {
  const environment = checkEnvironment(process.env)
  const { configuration, diagnostics } = await loadConfiguration(request)
  if (configuration === undefined) return { diagnostics: [...environment, ...diagnostics], operations: 0 }
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'gateward-check-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const clock = systemClock
  const { store, dataKeys, pepper } = await openKeyring({ data: folder, pepper: undefined }, clock, stack)
  const limiter = stack.use(createMemoryLimiter({ quotas: store.quotas, clock }))
  const issuerKeys = stack.use(createIssuerKeys({ clock }))
  const holder = stack.use(
    createSiteHolder({
      load: () => Promise.resolve({ configuration, diagnostics }),
      rules: loadRules,
      services: ({ environment: keysFor, anonymous, tiers }) => ({
        clock,
        limiter,
        issuerKeys,
        dataKeys,
        tiers: createTiers(tiers),
        apiKeys: createApiKeys({
          store: store.apiKeys,
          pepper,
          environment: keysFor,
          clock,
        }),
        anonymousByDefault: anonymous,
        environment: keysFor,
      }),
      clock,
    }),
  )
  const outcome = await holder.reload('check')
  const apis = hasErrors(outcome.diagnostics) ? [] : (holder.running()?.site.apis ?? [])
  return {
    diagnostics: [...environment, ...outcome.diagnostics],
    operations: apis.reduce((sum, { operations }) => sum + operations, 0),
  }
}
