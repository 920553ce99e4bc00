import type { Exchange } from '../../exchange/exchange.ts'
import type { DataCounts } from '../../exchange/touched-data.ts'
import type { TrailEntry } from '../../exchange/trail.ts'
import type { Ending } from '../exchange-line.ts'
import { redact } from '../redact.ts'
import type { EventBus } from './event-bus.ts'
import type { RefusalKind, RequestEvent } from './event.ts'
import { shownObject, shownPath } from '../shown-path.ts'
import { toSpanFacts } from './span-facts.ts'

/** Tells the bus of a finished exchange: one event for it, one for each guard that refused or broke, and one for each data class that it touched. */
export function publishExchange(
  bus: EventBus,
  exchange: Exchange,
  ending: Ending,
  time: number,
  duration: number,
): void {
  const request = toRequestEvent(exchange, ending, time, duration)
  bus.publish(request)
  const { trail } = exchange
  for (let index = 0; index < trail.length; index++) {
    const entry = trail[index] as TrailEntry
    if (entry.verdict === 'refuse' || entry.verdict === 'fault') bus.publish(toGuardEvent(entry, request))
  }
  if (exchange.touched !== undefined)
    for (const [dataClass, counts] of exchange.touched.byClass)
      bus.publish(toDataEvent(dataClass, counts, request))
}

function toRequestEvent(exchange: Exchange, ending: Ending, time: number, duration: number): RequestEvent {
  const { request, client, route, principal } = exchange
  const known = principal.kind === 'known' ? principal : undefined
  const credential = known?.credentials[0]
  const asked = exchange.forwardedTick > 0
  // A service that never answered was asked all the same, until now.
  const answered = exchange.answeredTick > 0 ? exchange.answeredTick : exchange.startedTick + duration
  return {
    kind: 'request',
    time,
    requestId: exchange.id,
    traceparent: exchange.traceparent,
    api: route.api,
    operation: route.operationId,
    template: route.template,
    method: request.method,
    path: shownPath(exchange).slice(0, 500),
    host: request.host,
    protocol: request.protocol,
    secure: request.secure,
    status: exchange.answer?.status ?? 0,
    code: exchange.problem?.code,
    client: client.text,
    block: client.key,
    consumer: known?.consumer,
    label: known?.label,
    credential: credential?.id,
    credentialKind: credential?.kind,
    object: shownObject(exchange),
    duration,
    upstreamDuration: asked ? answered - exchange.forwardedTick : undefined,
    bytesIn: request.contentLength ?? 0,
    bytesOut: ending.bytesSent,
    configuration: exchange.configuration,
    span: exchange.span === undefined ? undefined : toSpanFacts(exchange, exchange.span, duration),
  }
}

function toGuardEvent(entry: TrailEntry, request: RequestEvent): Parameters<EventBus['publish']>[0] {
  const { guard, mode, code = 'INTERNAL_ERROR', note = '' } = entry
  const kind = entry.verdict === 'fault' ? ('guard-fault' as const) : refusalKind(entry)
  return { kind, time: request.time, guard, mode, code, reason: redact(note.slice(0, 500)), request }
}

function toDataEvent(
  dataClass: string,
  counts: DataCounts,
  { time, requestId, api, operation, consumer }: RequestEvent,
): Parameters<EventBus['publish']>[0] {
  return { kind: 'data-touched', time, dataClass, counts, requestId, api, operation, consumer }
}

function refusalKind({ guard, phase }: TrailEntry): RefusalKind {
  if (phase === 'response' || phase === 'response-body') return 'response-refused'
  return refusalKinds.get(guard) ?? 'request-refused'
}

const refusalKinds: ReadonlyMap<string, RefusalKind> = new Map([
  ['authentication', 'authentication-failed'],
  ['authorization', 'access-denied'],
  ['flood', 'limit-exceeded'],
  ['quota', 'limit-exceeded'],
  ['validation', 'validation-refused'],
  ['waf', 'waf-matched'],
])
