import type { Clock } from '@gateward/kernel'
import type { Configuration } from '../config/configuration.ts'
import { upstreamsOf } from '../config/configured-services.ts'
import { listWaivers } from '../upstream/waivers.ts'
import type { Finding } from './finding.ts'
import { hostAndPort, whyUnreachable } from './why-unreachable.ts'

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

async function checkReachable(subject: string, url: string): Promise<Finding> {
  const { host, port } = hostAndPort(url)
  const failure = await whyUnreachable(host, port)
  if (failure === undefined) return { subject, state: 'well', message: `${url} takes connections` }
  return {
    subject,
    state: 'unreachable',
    message: `${url}: ${failure}`,
    fix: 'start the service, or mend its address',
  }
}
