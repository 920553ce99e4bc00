import { isIP } from 'node:net'
import { defineProblem, type Problem } from '@gateward/kernel'
import type { ReceivedRequest } from '../../exchange/exchange.ts'

/**
 * Whether the `Host` is one of ours. A page of another site can make its own name lead to this address (DNS rebinding),
 * and a browser then takes it for the same origin; it cannot make it an address.
 */
export function isOwnHost(host: string, names: ReadonlySet<string>): boolean {
  return names.has(host) || isIP(host.replace(/^\[|\]$/g, '')) !== 0
}

/** The names under which the admin address is reached: this machine, and what the configuration says. */
export function ownHosts(host: string, names: readonly string[]): ReadonlySet<string> {
  return new Set(['localhost', host, ...names].map((name) => name.toLowerCase()))
}

/**
 * Why a request that changes something may come from another site's page; `undefined`: it cannot. The own header makes
 * browsers ask first (CORS), and nobody is ever let; `Origin` and `Sec-Fetch-Site` say it once more.
 */
export function findForgery({ headers }: ReceivedRequest): Problem | undefined {
  const site = headers.get('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin')
    return forged(`a browser says that it comes from: ${site}`)
  const origin = headers.get('origin')
  if (origin !== undefined && origin !== `https://${headers.get('host') ?? ''}`)
    return forged('its Origin is another one than this address')
  return headers.has(ownHeader) ? undefined : forged('it has no field X-Gateward: 1')
}

const ownHeader = 'x-gateward'

function forged(reason: string): Problem {
  return defineProblem('FORBIDDEN', `the request may come from another site: ${reason}`)
}
