import type { GatewardEvent, RequestEvent } from '../../observe/events/event.ts'
import { factsOf, type EventFacts } from './event-facts.ts'
import type { EventWriter } from './event-writer.ts'

/** Events in the Elastic Common Schema 8.11. */
export const writeEcs: EventWriter = (event, { uid, version, host }) => {
  const facts = factsOf(event)
  const { request, failed, severity, message } = facts
  return JSON.stringify({
    '@timestamp': new Date(event.time).toISOString(),
    ecs: { version: '8.11.0' },
    message,
    event: {
      id: uid,
      kind: event.kind === 'alert' || event.kind === 'anomaly' ? 'alert' : 'event',
      category: categoryOf(event),
      type: typeOf(event, failed),
      action: event.kind,
      outcome: failed ? 'failure' : 'success',
      severity: severities[severity],
      module: 'gateward',
      dataset: 'gateward.events',
      ...('reason' in event ? { reason: event.reason } : {}),
      ...(event.kind === 'request' ? { duration: Math.round(event.duration * 1e6) } : {}),
    },
    observer: { vendor: 'Gateward', product: 'Gateward', type: 'api-gateway', version, hostname: host },
    ...('guard' in event ? { rule: { name: event.guard, id: event.code } } : {}),
    ...(event.kind === 'alert' ? { rule: { name: event.rule } } : {}),
    ...(request === undefined ? {} : requestFields(request)),
  })
}

const severities: Readonly<Record<EventFacts['severity'], number>> = {
  informational: 10,
  low: 30,
  medium: 50,
  high: 70,
  critical: 90,
}

function categoryOf({ kind }: GatewardEvent): readonly string[] {
  if (kind === 'authentication-failed') return ['authentication']
  if (kind.startsWith('key-')) return ['iam']
  if (kind.startsWith('configuration-') || kind === 'certificate-loaded') return ['configuration']
  if (kind === 'waf-matched' || kind === 'anomaly' || kind === 'alert') return ['intrusion_detection']
  return kind === 'request' || kind.endsWith('-refused') || kind === 'limit-exceeded' ? ['web'] : ['host']
}

function typeOf(event: GatewardEvent, failed: boolean): readonly string[] {
  if ('guard' in event) return [event.mode === 'enforce' ? 'denied' : 'allowed']
  if (event.kind === 'request') return ['access', failed ? 'denied' : 'allowed']
  if (event.kind === 'key-created') return ['creation']
  return event.kind === 'key-revoked' ? ['deletion'] : ['info']
}

function requestFields(request: RequestEvent): object {
  const { client, method, path, host, status, consumer, label, traceparent, requestId, protocol } = request
  return {
    source: client === '' ? {} : { ip: client },
    url: { path, domain: host, scheme: request.secure ? 'https' : 'http' },
    http: {
      version: protocol.replace('http/', ''),
      request: { method, id: requestId, body: { bytes: request.bytesIn } },
      response: { status_code: status, body: { bytes: request.bytesOut } },
    },
    service: { name: request.api },
    trace: { id: traceparent.slice(3, 35) },
    ...(consumer === undefined ? {} : { user: { id: consumer, name: label ?? consumer } }),
    labels: { operation: request.operation },
  }
}
