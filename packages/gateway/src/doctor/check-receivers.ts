import type { Configuration } from '../config/configuration.ts'
import type { SinkSettings } from '../sinks/settings.ts'
import type { Finding } from './finding.ts'
import { hostAndPort, whyUnreachable } from './why-unreachable.ts'

/** Whether those that events and traces are sent to take connections. */
export async function checkReceivers({ events, otlp }: Configuration): Promise<readonly Finding[]> {
  const sinks = Object.entries(events.sinks).flatMap(([name, sink]) =>
    addressesOf(sink).map((address) => checkReachable(`sink ${name}`, address)),
  )
  const collector = otlp.endpoint === undefined ? [] : [checkReachable('otlp', hostAndPort(otlp.endpoint))]
  return await Promise.all([...sinks, ...collector])
}

interface Address {
  readonly host: string
  readonly port: number
}

/** Where a sink is, each of its brokers; nowhere where it is on this machine. */
function addressesOf({ syslog, kafka, splunk, elasticsearch, loki, http }: SinkSettings): readonly Address[] {
  if (syslog !== undefined) return [syslog]
  if (kafka !== undefined) return kafka.brokers
  return [splunk, elasticsearch, loki, http].flatMap((receiver) =>
    receiver === undefined ? [] : [hostAndPort(receiver.url)],
  )
}

async function checkReachable(subject: string, { host, port }: Address): Promise<Finding> {
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const failure = await whyUnreachable(host, port)
  if (failure === undefined) return { subject, state: 'well', message: `${where} takes connections` }
  return {
    subject,
    state: 'unreachable',
    message: `${where}: ${failure}`,
    fix: 'start it, or mend its address; until then what it is to get waits on the disk',
  }
}
