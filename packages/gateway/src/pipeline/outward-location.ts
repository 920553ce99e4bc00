import type { HeaderList } from '../exchange/header-list.ts'
import type { UpstreamDestination } from '../site/site.ts'

/**
 * Turns what an answer says of places on the service into places on the gateway: `Location` and `Content-Location`
 * (RFC 9110 sections 10.2.2 and 8.7) that name one of the service's own addresses lose scheme, host and port, and
 * paths get back what the gateway took off or put before them on the way in. Clients would learn an address of the
 * network inside otherwise, and leave the gate by it. Places elsewhere stay as they are.
 */
export function turnLocationsOutward(headers: HeaderList, destination: UpstreamDestination): void {
  for (const name of names) {
    const value = headers.get(name)
    if (value === undefined) continue
    const outward = outwardLocation(value, destination)
    if (outward !== value) headers.set(name, outward)
  }
}

const names = ['location', 'content-location'] as const

function outwardLocation(value: string, { upstream, strip, prefix }: UpstreamDestination): string {
  const inner = pathOnService(value, upstream.origins)
  if (inner === undefined) return value
  if (prefix !== '' && !isUnder(inner, prefix)) return inner
  const asked = inner.slice(prefix.length)
  return strip + (asked.startsWith('/') ? asked : `/${asked}`)
}

/** Path, query and fragment of a place on the service, as they stand; `undefined` for places elsewhere, and relative ones. */
function pathOnService(value: string, origins: ReadonlySet<string>): string | undefined {
  if (/^\/(?![/\\])/.test(value)) return value
  if (!URL.canParse(value, anyService)) return undefined
  const { origin, host, pathname, search, hash } = new URL(value, anyService)
  const isOwn = origins.has(origin) || (/^[/\\]{2}/.test(value) && namesHost(origins, host))
  return isOwn ? pathname + search + hash : undefined
}

function namesHost(origins: ReadonlySet<string>, host: string): boolean {
  return origins.has(`http://${host}`) || origins.has(`https://${host}`)
}

function isUnder(path: string, prefix: string): boolean {
  return (
    path.startsWith(prefix) && (path.length === prefix.length || /^[/?#]/.test(path.slice(prefix.length)))
  )
}

const anyService = 'http://service.invalid'
