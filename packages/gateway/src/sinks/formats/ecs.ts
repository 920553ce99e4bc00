import type { GatewardEvent } from '../../observe/events/event.ts'
import { factsOf, type EventFacts } from './event-facts.ts'
import type { EventWriter, WritingContext } from './event-writer.ts'
import { toJsonPieces } from './json-pieces.ts'
import { writeQuoted } from './json.ts'
import type { Shown, ShownRequest } from './shown.ts'
import { createEventWriter } from './write-event.ts'

/** Events in the Elastic Common Schema 8.11. */
export function createEcsWriter(context: WritingContext): EventWriter {
  return createEventWriter({
    pieces: (event, shown) => toJsonPieces(toEcs(event, shown, context)),
    writeText: writeQuoted,
  })
}

function toEcs(event: GatewardEvent, shown: Shown, { version, host }: WritingContext): object {
  const { failed, severity, message } = factsOf(event)
  const { request } = shown
  return {
    '@timestamp': shown.timestamp,
    ecs: { version: '8.11.0' },
    message,
    event: {
      id: shown.uid,
      kind: event.kind === 'alert' || event.kind === 'anomaly' ? 'alert' : 'event',
      category: categoryOf(event),
      type: typeOf(event, failed),
      action: event.kind,
      outcome: failed ? 'failure' : 'success',
      severity: severities[severity],
      module: 'gateward',
      dataset: 'gateward.events',
      ...('reason' in event ? { reason: event.reason } : {}),
      ...(event.kind === 'request' ? { duration: request?.nanoseconds } : {}),
    },
    observer: { vendor: 'Gateward', product: 'Gateward', type: 'api-gateway', version, hostname: host },
    ...('guard' in event ? { rule: { name: event.guard, id: event.code } } : {}),
    ...(event.kind === 'alert' ? { rule: { name: event.rule } } : {}),
    ...(request === undefined ? {} : requestFields(request)),
  }
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

function requestFields({ own, traceId }: ShownRequest): object {
  const { client, method, path, host, status, consumer, label, requestId, protocol } = own
  return {
    source: client === '' ? {} : { ip: client },
    url: { path, domain: host, scheme: own.secure ? 'https' : 'http' },
    http: {
      version: protocol.replace('http/', ''),
      request: { method, id: requestId, body: { bytes: own.bytesIn } },
      response: { status_code: status, body: { bytes: own.bytesOut } },
    },
    service: { name: own.api },
    trace: { id: traceId },
    ...(consumer === undefined ? {} : { user: { id: consumer, name: label ?? consumer } }),
    labels: { operation: own.operation },
  }
}
