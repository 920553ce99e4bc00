import { connect } from 'node:net'
import type { Clock } from '@gateward/kernel'
import type { Configuration } from '../config/configuration.ts'
import { upstreamsOf } from '../config/configured-services.ts'
import { listWaivers } from '../upstream/waivers.ts'
import type { Finding } from './finding.ts'

/** Whether the services take connections, and which of them are not verified. */
export async function checkUpstreams(
  configuration: Configuration,
  clock: Clock,
): Promise<readonly Finding[]> {
  const upstreams = upstreamsOf(configuration)
  const waivers = listWaivers(upstreams, clock).map((waiver): Finding => ({
    subject: `waiver ${waiver.upstream}`,
    state: 'warning',
    message: `its certificate is not verified until ${waiver.expires} (${waiver.daysLeft} ${waiver.daysLeft === 1 ? 'day' : 'days'}): ${waiver.reason}; ${waiver.owner} answers for it`,
    fix: 'name its certificate authority in tls.ca before that day, or the gateway does not start',
  }))
  const reached = await Promise.all(
    Object.entries(upstreams).flatMap(([name, { targets }]) =>
      targets.map(({ url }) => checkReachable(`upstream ${name}`, url)),
    ),
  )
  return [...reached, ...waivers]
}

/** Milliseconds. */
const connectDeadline = 3_000

async function checkReachable(subject: string, url: string): Promise<Finding> {
  const { hostname, port, protocol } = new URL(url)
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
  })
  socket.setTimeout(connectDeadline, () => resolve('no answer in 3 s'))
  socket.once('connect', () => resolve(undefined))
  socket.once('error', (error) => resolve(error.message))
  const failure = await promise
  socket.destroy()
  if (failure === undefined) return { subject, state: 'well', message: `${url} takes connections` }
  return {
    subject,
    state: 'unreachable',
    message: `${url}: ${failure}`,
    fix: 'start the service, or mend its address',
  }
}
