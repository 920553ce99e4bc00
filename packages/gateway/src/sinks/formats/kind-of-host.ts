/** What the Host field names: nothing, a name of the domain name system or an IPv4 address, or anything else. */
export type HostKind = 'none' | 'hostname' | 'other'

/** Tells what a host is. */
export function kindOfHost(host: string): HostKind {
  if (host === latest) return latestKind
  latest = host
  latestKind = host === '' ? 'none' : hostname.test(host) ? 'hostname' : 'other'
  return latestKind
}

// Most requests name the host that the one before named.
let latest = ''
let latestKind: HostKind = 'none'

/** A name of the domain name system, or an IPv4 address, which is written as one. */
const hostname = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i
