import { toFault } from '@gateward/kernel'
import { Lookout } from './lookout/lookout.ts'
import type { Parts } from './open-parts.ts'
import type { Running } from './site/reload.ts'
import { listWaivers } from './upstream/waivers.ts'

/** Looks at the keys, certificates, upstreams and waivers of whatever configuration runs. */
export function openLookout(parts: Parts, running: () => Running | undefined): Lookout {
  const { observer, store, certificates, clock } = parts
  return new Lookout({
    observer,
    apiKeys: store.apiKeys,
    clock,
    upstreams: () => running()?.site.apis.map(({ upstream }) => upstream.status()) ?? [],
    certificates: () => certificates.all,
    waivers: () => {
      const apis = Object.entries(running()?.configuration.apis ?? {})
      return listWaivers(Object.fromEntries(apis.map(([name, { upstream }]) => [name, upstream])), clock)
    },
    onFault: (thrown) => {
      const { code, message } = toFault(thrown)
      observer.noticed({ code, severity: 'warning', message })
    },
  })
}
