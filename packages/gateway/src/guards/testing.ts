import { ManualClock, type Diagnostic } from '@gateward/kernel'
import type { Operation } from '@gateward/openapi'
import { createMemoryLimiter } from '../limiter/limiter-memory.ts'
import type { Limiter } from '../limiter/limiter.ts'
import { tiersSettings } from '../limiter/tiers-settings.ts'
import { createTiers } from '../limiter/tiers.ts'
import { openTestStore } from '../store/testing.ts'
import type { Guard, GuardDefinition, GuardServices, GuardSettings } from './guard.ts'

/** Compiles guards for tests, with a limiter over a store of its own and a clock that stands still. */
export interface TestBench extends AsyncDisposable {
  readonly clock: ManualClock
  readonly limiter: Limiter
  readonly services: GuardServices
  /** What compiling has reported so far. */
  readonly diagnostics: Diagnostic[]
  compile<Settings extends GuardSettings>(
    definition: GuardDefinition<Settings>,
    settings?: Readonly<Record<string, unknown>>,
    place?: {
      readonly operation?: Operation
      readonly pathMethods?: readonly string[]
      /** The tiers of a reload, as configuration writes them. */
      readonly tiers?: Readonly<Record<string, unknown>>
    },
  ): Guard | undefined
}

/** Opens a test bench; `tiers` as configuration writes them. No API key and no issuer is known on it. */
export async function openTestBench(tiers?: Readonly<Record<string, unknown>>): Promise<TestBench> {
  const clock = new ManualClock()
  const store = await openTestStore()
  const limiter = createMemoryLimiter({ quotas: store.store.quotas, clock })
  const diagnostics: Diagnostic[] = []
  const services: GuardServices = {
    clock,
    limiter,
    tiers: createTiers(tiersSettings.parse(tiers)),
    apiKeys: { verify: () => ({ kind: 'refused', refusal: 'unknown' }) },
    dataKeys: store.keys,
    issuerKeys: { open: () => ({ find: () => [] }), [Symbol.asyncDispose]: async () => undefined },
    anonymousByDefault: false,
    environment: 'test',
  }
  return {
    clock,
    limiter,
    services,
    diagnostics,
    compile: (definition, settings = {}, { operation, pathMethods, tiers: reloaded } = {}) =>
      definition.compile({
        settings: definition.settings.parse(settings),
        api: 'shop',
        family: 'shop',
        operation,
        unmatched: false,
        pathMethods,
        securitySchemes: new Map(),
        services:
          reloaded === undefined
            ? services
            : { ...services, tiers: createTiers(tiersSettings.parse(reloaded)) },
        report: (diagnostic) => void diagnostics.push(diagnostic),
      }),
    async [Symbol.asyncDispose]() {
      await limiter[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}
