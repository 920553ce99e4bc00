import type { ServedApi } from './gateway-handle.ts'
import type { SiteApi } from './site/site.ts'

/** An API of the running site as a banner shows it. */
export function toServedApi({ name, title = 'no contract', operations, upstream }: SiteApi): ServedApi {
  const targets = upstream.status().targets.map(({ url }) => url)
  return { name, title, operations, upstream: targets.join(', ') }
}

/** What keeps the gateway from being ready: APIs of which no target can be asked. */
export function findUnavailable(apis: readonly SiteApi[]): readonly string[] {
  const down = apis.filter(({ upstream }) => !upstream.status().available)
  return down.map(({ name }) => `no target of ${name} is available`)
}
