import { factsOf, type EventFacts } from './event-facts.ts'
import type { EventWriter } from './event-writer.ts'

/** Events in ArcSight's Common Event Format, version 0. */
export const writeCef: EventWriter = (event, { uid, version, host }) => {
  const facts = factsOf(event)
  const head = ['Gateward', 'Gateward', version, event.kind, nameOf(event.kind), severities[facts.severity]]
  return `CEF:0|${head.map((part) => escapeHead(String(part))).join('|')}|${extension(event.time, uid, host, facts, reasonOf(event))}`
}

const severities: Readonly<Record<EventFacts['severity'], number>> = {
  informational: 1,
  low: 3,
  medium: 5,
  high: 8,
  critical: 10,
}

function nameOf(kind: string): string {
  return kind.replaceAll('-', ' ')
}

function reasonOf(event: object): string | undefined {
  return 'reason' in event && typeof event.reason === 'string' ? event.reason : undefined
}

function extension(
  time: number,
  uid: string,
  host: string,
  { request, failed, message }: EventFacts,
  reason: string | undefined,
): string {
  const members: readonly (readonly [string, string | number | undefined])[] = [
    ['rt', time],
    ['externalId', uid],
    ['dvchost', host],
    ['msg', message.slice(0, 1_000)],
    ['outcome', failed ? 'failure' : 'success'],
    ['reason', reason?.slice(0, 1_000)],
    ...(request === undefined
      ? []
      : ([
          ['src', request.client.includes(':') ? undefined : request.client],
          ['c6a2', request.client.includes(':') ? request.client : undefined],
          ['c6a2Label', request.client.includes(':') ? 'Source IPv6 Address' : undefined],
          ['suser', request.consumer],
          ['requestMethod', request.method],
          ['request', request.path],
          ['dhost', request.host],
          ['app', request.protocol],
          ['in', request.bytesIn],
          ['out', request.bytesOut],
          ['cn1', request.status],
          ['cn1Label', 'status'],
          ['cs1', request.requestId],
          ['cs1Label', 'requestId'],
          ['cs2', `${request.api} ${request.operation}`],
          ['cs2Label', 'operation'],
        ] as const)),
  ]
  return members
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${escapeValue(String(value))}`)
    .join(' ')
}

function escapeHead(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\|]/g, '\\$&')
}

function escapeValue(text: string): string {
  return text.replace(/[\\=]/g, '\\$&').replaceAll('\r', '\\r').replaceAll('\n', '\\n')
}
