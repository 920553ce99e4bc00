import type { GatewardEvent, RequestEvent } from '../observe/events/event.ts'
import { factsOf, type EventFacts } from '../sinks/formats/event-facts.ts'
import type { EventWriter } from '../sinks/formats/event-writer.ts'
import { methodAttributes, requestAttributes } from './request-attributes.ts'
import { toAttributes, toNanoseconds, type Attribute } from './values.ts'

/** Events as log records, those of exchanges too where `requests` says so. */
export function createLogWriter(requests: boolean): EventWriter {
  return (line, event, uid) => {
    if (event.kind === 'request' && !requests) return false
    line.text(writeRecord(event, uid))
    return true
  }
}

function writeRecord(event: GatewardEvent, uid: string): string {
  const { request, severity, message } = factsOf(event)
  const time = toNanoseconds(event.time)
  return JSON.stringify({
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber: severities[severity].number,
    severityText: severities[severity].text,
    eventName: `gateward.${event.kind}`,
    body: { stringValue: message },
    attributes: toAttributes({
      'log.record.uid': uid,
      ...(request === undefined ? {} : ofRequest(request)),
      ...ofEvent(event),
    }),
    ...(request === undefined ? {} : contextOf(request)),
  })
}

/** The logs data model's numbers of severities. */
const severities: Readonly<
  Record<EventFacts['severity'], { readonly number: number; readonly text: string }>
> = {
  informational: { number: 9, text: 'INFO' },
  low: { number: 13, text: 'WARN' },
  medium: { number: 14, text: 'WARN2' },
  high: { number: 17, text: 'ERROR' },
  critical: { number: 21, text: 'FATAL' },
}

function ofRequest(request: RequestEvent): Readonly<Record<string, Attribute>> {
  return { ...methodAttributes(request.method).attributes, ...requestAttributes(request) }
}

/** What only events of this kind say; values that are no plain ones are told by the message. */
function ofEvent(event: GatewardEvent): Readonly<Record<string, Attribute>> {
  if (event.kind === 'request') return {}
  const own: Record<string, Attribute> = {}
  for (const [name, value] of Object.entries(event as unknown as Readonly<Record<string, unknown>>))
    if (name !== 'kind' && name !== 'time' && isPlain(value)) own[`gateward.${toSnakeCase(name)}`] = value
  return own
}

function isPlain(value: unknown): value is Attribute {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function contextOf({ traceparent, span }: RequestEvent): object {
  return span === undefined ? {} : { traceId: traceparent.slice(3, 35), spanId: span.id, flags: 1 }
}
