import { toFault } from '@gateward/kernel'
import { Gauge, type Registry } from 'prom-client'
import { upstreamsOf } from './config/configured-services.ts'
import { Lookout } from './lookout/lookout.ts'
import type { ServedPlan } from './lookout/plan-lookout.ts'
import type { Parts } from './open-parts.ts'
import type { Running } from './site/reload.ts'
import type { SiteApi } from './site/site.ts'
import { listWaivers, type Waiver } from './upstream/waivers.ts'

/** Looks at the keys, certificates, upstreams and waivers of whatever configuration runs. */
export function openLookout(parts: Parts, running: () => Running | undefined): Lookout {
  const { observer, store, certificates, clock } = parts
  const waivers = () => {
    const configuration = running()?.configuration
    return listWaivers(configuration === undefined ? {} : upstreamsOf(configuration), clock)
  }
  countWaivers(observer.registry, waivers)
  return new Lookout({
    observer,
    apiKeys: store.apiKeys,
    clock,
    upstreams: () => running()?.site.apis.map(({ upstream }) => upstream.status()) ?? [],
    certificates: () => certificates.all,
    waivers,
    versions: store.versions,
    plans: () => servedPlans(running()?.site.apis ?? []),
    onFault: (thrown) => {
      const { code, message } = toFault(thrown)
      observer.noticed({ code, severity: 'warning', message })
    },
  })
}

function servedPlans(apis: readonly SiteApi[]): readonly ServedPlan[] {
  return apis.flatMap(({ name: api, version }) =>
    version?.plan === undefined ? [] : [{ api, plan: version.plan }],
  )
}

function countWaivers(registry: Registry, waivers: () => readonly Waiver[]): void {
  const gauge = new Gauge({
    name: 'gateward_tls_waiver_days_left',
    help: 'Upstreams whose certificate is not verified, with the days until that must end.',
    labelNames: ['upstream'],
    registers: [],
    collect() {
      this.reset()
      for (const { upstream, daysLeft } of waivers()) this.set({ upstream }, daysLeft)
    },
  })
  registry.registerMetric(gauge)
}
