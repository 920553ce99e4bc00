import type { ServedApi } from './gateway-handle.ts'
import type { SiteApi } from './site/site.ts'

/** An API of the running site as a banner shows it. */
export function toServedApi({ name, title = 'no contract', operations, upstream }: SiteApi): ServedApi {
  const targets = upstream.status().targets.map(({ url }) => url)
  return { name, title, operations, upstream: targets.join(', ') }
}
