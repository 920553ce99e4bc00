import type { CallFacts, GuardStep, RequestEvent, SpanFacts } from '../observe/events/event.ts'
import { quote } from '../observe/quote.ts'
import type { EventWriter } from '../sinks/formats/event-writer.ts'
import { methodAttributes, requestAttributes } from './request-attributes.ts'
import { toNanoseconds, writeAttributes, type Attribute } from './values.ts'

/**
 * An exchange that was sampled, as its span (kind 2, SERVER) and that of the call to the service (kind 3, CLIENT): objects
 * of OTLP's JSON, a comma between them.
 */
export const writeSpans: EventWriter = (line, event) => {
  if (event.kind !== 'request' || event.span === undefined) return false
  const startedAt = event.time - event.duration
  line.text(writeServerSpan(event, event.span, startedAt))
  const { call, id } = event.span
  if (call !== undefined) line.text(`,${writeClientSpan(event, id, call, startedAt)}`)
  return true
}

function writeServerSpan(event: RequestEvent, span: SpanFacts, startedAt: number): string {
  const { method, template, status } = event
  const { name, attributes } = methodAttributes(method)
  // A status of 4xx is the client's mistake and leaves the span's own unset (semantic conventions, HTTP spans).
  const broke = status >= 500 || status === 0
  const shown = writeAttributes({
    ...attributes,
    ...requestAttributes(event),
    'error.type': broke ? (event.code ?? (status === 0 ? 'aborted' : String(status))) : undefined,
  })
  const parent = span.parent === '' ? '' : `"parentSpanId":"${span.parent}",`
  return (
    `{${writeIds(event, span.id)},${parent}"name":${quote(template === '(none)' ? name : `${name} ${template}`)}` +
    `,"kind":2,${writeTimes(startedAt, event.time)},"attributes":${shown}` +
    `,"events":[${writeGuards(span.guards, startedAt)}]${broke ? failed : ''}}`
  )
}

function writeClientSpan(event: RequestEvent, parent: string, call: CallFacts, startedAt: number): string {
  const { name, attributes } = methodAttributes(event.method)
  const { status } = call
  const broke = status === undefined || status >= 400
  const shown = writeAttributes({
    ...attributes,
    ...targetAttributes(call, event.api),
    'http.response.status_code': status,
    'error.type': broke ? String(status ?? 'no_answer') : undefined,
    'gateward.api': event.api,
  })
  // The id is the one that the service got as its parent.
  const ids = writeIds(event, event.traceparent.slice(36, 52))
  const times = writeTimes(startedAt + call.startedAt, startedAt + call.endedAt)
  return `{${ids},"parentSpanId":"${parent}","name":"${name}","kind":3,${times},"attributes":${shown}${broke ? failed : ''}}`
}

/** STATUS_CODE_ERROR. */
const failed = ',"status":{"code":2}'

function writeIds({ traceparent }: RequestEvent, span: string): string {
  return `"traceId":"${traceparent.slice(3, 35)}","spanId":"${span}","flags":1`
}

function writeTimes(from: number, to: number): string {
  return `"startTimeUnixNano":"${toNanoseconds(from)}","endTimeUnixNano":"${toNanoseconds(to)}"`
}

function writeGuards(guards: readonly GuardStep[], startedAt: number): string {
  let text = ''
  for (const step of guards) {
    const { guard, at, elapsed } = step
    text +=
      `${text === '' ? '' : ','}{"name":"${guard}","timeUnixNano":"${toNanoseconds(startedAt + at)}","attributes":[` +
      `${writeVerdict(step)},{"key":"gateward.guard.duration","value":{"doubleValue":${Math.round(elapsed * 1_000) / 1e6}}}]}`
  }
  return text
}

/** What is the rule is left out: the head of the request, and a guard that enforces. */
function writeVerdict({ phase, verdict, mode, code }: GuardStep): string {
  if (phase === 'request' && verdict === 'pass' && mode === 'enforce') return plainPass
  return writeAttributes({
    'gateward.guard.verdict': verdict,
    'gateward.guard.phase': phase === 'request' ? undefined : phase,
    'gateward.guard.mode': mode === 'enforce' ? undefined : mode,
    'gateward.guard.code': code,
  }).slice(1, -1)
}

const plainPass = writeAttributes({ 'gateward.guard.verdict': 'pass' }).slice(1, -1)

function targetAttributes({ target }: CallFacts, api: string): Attributes {
  if (target === undefined) return { 'server.address': api }
  const known = targets.get(target)
  if (known !== undefined) return known
  const { hostname, port, protocol } = new URL(target)
  const read = {
    'server.address': hostname,
    'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    'url.scheme': protocol.slice(0, -1),
  }
  if (targets.size < mostTargets) targets.set(target, read)
  return read
}

type Attributes = Readonly<Record<string, Attribute>>

/** Targets come from the configuration and are few. */
const targets = new Map<string, Attributes>()
const mostTargets = 1_000
