import type { GatewardEvent, RequestEvent } from '../../observe/events/event.ts'
import { NumberHole, TextHole, WrittenHole, type Leaf } from './hole.ts'
import { kindOfHost, type HostKind } from './kind-of-host.ts'
import { timestampOf, writtenTime } from './times.ts'

/** What differs between exchanges that are written alike. */
type Varying = keyof typeof ownHoles

/** An exchange, of which what differs may be a hole; what is `undefined` never is one, nor what formats leave out if empty. */
type LeafyRequest = {
  readonly [Name in keyof RequestEvent]: Name extends Varying
    ? Leaf | (undefined extends RequestEvent[Name] ? undefined : never)
    : RequestEvent[Name]
}

/** An exchange as formats see it. */
export interface ShownRequest {
  readonly own: LeafyRequest
  readonly hostKind: HostKind
  readonly isIPv6: boolean
  readonly traceId: Leaf
  /** How long it took, in whole milliseconds and nanoseconds. */
  readonly milliseconds: Leaf
  readonly nanoseconds: Leaf
}

/** An event as formats see it. */
export interface Shown {
  readonly uid: Leaf
  /** Milliseconds since the Unix epoch. */
  readonly time: Leaf
  /** ISO 8601. */
  readonly timestamp: Leaf
  readonly request: ShownRequest | undefined
}

/** The event itself. */
export function showValues(event: GatewardEvent, uid: string): Shown {
  const request = event.kind === 'request' ? event : 'request' in event ? event.request : undefined
  return {
    uid,
    time: event.time,
    timestamp: timestampOf(event.time),
    request: request === undefined ? undefined : showRequest(request),
  }
}

/** An exchange of which only what never differs is a value. */
export function showHoles(event: RequestEvent): Shown {
  const own: Record<string, unknown> = { ...event }
  for (const name of Object.keys(ownHoles) as Varying[])
    if (event[name] !== undefined && !(event[name] === '' && leftOutIfEmpty.has(name)))
      own[name] = ownHoles[name]
  const { time } = ownHoles
  // It has the members of what it was made of, and in place of some of them leaves.
  const request = { ...showRequest(event), ...unitHoles, own: own as unknown as LeafyRequest }
  return { uid: uidHole, time, timestamp: timestampHole, request }
}

function showRequest(event: RequestEvent): ShownRequest {
  return {
    // Its `span` is no leaf: it is shown whole, or not at all.
    own: event as unknown as LeafyRequest,
    hostKind: kindOfHost(event.host),
    isIPv6: event.client.includes(':'),
    traceId: traceIdOf(event),
    milliseconds: millisecondsOf(event),
    nanoseconds: nanosecondsOf(event),
  }
}

const traceIdOf = ({ traceparent }: RequestEvent): string => traceparent.slice(3, 35)
const millisecondsOf = ({ duration }: RequestEvent): number => Math.round(duration)
const nanosecondsOf = ({ duration }: RequestEvent): number => Math.round(duration * 1e6)

const uidHole = new TextHole((_event, uid) => uid)
const timestampHole = new TextHole(({ time }) => timestampOf(time))

const unitHoles = {
  traceId: new TextHole(traceIdOf),
  milliseconds: new NumberHole(millisecondsOf),
  nanoseconds: new NumberHole(nanosecondsOf),
}

const ownHoles = {
  time: new WrittenHole(({ time }) => writtenTime(time)),
  requestId: new TextHole(({ requestId }) => requestId),
  traceparent: new TextHole(({ traceparent }) => traceparent),
  path: new TextHole(({ path }) => path),
  host: new TextHole(({ host }) => host),
  client: new TextHole(({ client }) => client),
  block: new TextHole(({ block }) => block),
  consumer: new TextHole(({ consumer = '' }) => consumer),
  label: new TextHole(({ label = '' }) => label),
  credential: new TextHole(({ credential = '' }) => credential),
  object: new TextHole(({ object }) => object),
  duration: new NumberHole(({ duration }) => duration),
  upstreamDuration: new NumberHole(({ upstreamDuration = 0 }) => upstreamDuration),
  bytesIn: new NumberHole(({ bytesIn }) => bytesIn),
  bytesOut: new NumberHole(({ bytesOut }) => bytesOut),
  configuration: new TextHole(({ configuration }) => configuration),
  span: new WrittenHole(({ span }) => JSON.stringify(span)),
}

const leftOutIfEmpty: ReadonlySet<Varying> = new Set(['client', 'host', 'path', 'object', 'consumer'])
