import type { AlertEvent, GatewardEvent } from '../../observe/events/event.ts'
import { factsOf, type EventFacts } from './event-facts.ts'
import type { EventWriter, WritingContext } from './event-writer.ts'
import { toJsonPieces } from './json-pieces.ts'
import { writeQuoted } from './json.ts'
import type { Shown, ShownRequest } from './shown.ts'
import { createEventWriter } from './write-event.ts'

/**
 * Events in the Open Cybersecurity Schema Framework 1.3.0: API Activity (6003) for exchanges of an operation and for keys,
 * HTTP Activity (4002) for exchanges that match none, Authentication (3002) for failed ones, and Detection Finding (2004)
 * for what was refused, found or broken.
 */
export function createOcsfWriter(context: WritingContext): EventWriter {
  return createEventWriter({
    pieces: (event, shown) => toJsonPieces(toOcsf(event, shown, context)),
    writeText: writeQuoted,
  })
}

function toOcsf(event: GatewardEvent, shown: Shown, { version, host }: WritingContext): object {
  const facts = factsOf(event)
  const { classUid, categoryUid, activityId, statusId, members } = classify(event, shown, facts)
  return {
    activity_id: activityId,
    category_uid: categoryUid,
    class_uid: classUid,
    type_uid: classUid * 100 + activityId,
    severity_id: severities[facts.severity],
    message: facts.message,
    status_id: statusId ?? (facts.failed ? 2 : 1),
    time: shown.time,
    metadata: {
      version: '1.3.0',
      event_code: event.kind,
      product: { name: 'Gateward', vendor_name: 'Gateward', version },
      loggers: [{ name: 'Gateward', device: { hostname: host, type_id: 1 } }],
      // What a security control decided is of this profile, and valid only where it is named.
      ...('action_id' in members ? { profiles: ['security_control'] } : {}),
      uid: shown.uid,
      correlation_uid: shown.request?.own.requestId,
    },
    ...members,
  }
}

const severities: Readonly<Record<EventFacts['severity'], number>> = {
  informational: 1,
  low: 2,
  medium: 3,
  high: 4,
  critical: 5,
}

interface Classified {
  readonly classUid: number
  readonly categoryUid: number
  readonly activityId: number
  /** Left out: success or failure. */
  readonly statusId?: number
  readonly members: Readonly<Record<string, unknown>>
}

function classify(event: GatewardEvent, shown: Shown, facts: EventFacts): Classified {
  const { request } = shown
  if (event.kind === 'request' && request !== undefined)
    return event.operation === '(none)' ? httpActivity(request) : apiActivity(request)
  if (event.kind === 'authentication-failed' && request !== undefined)
    return {
      classUid: 3002,
      categoryUid: 3,
      activityId: 1,
      members: {
        user: userOf(request),
        service: { name: request.own.api },
        status_detail: event.reason,
        is_cleartext: !request.own.secure,
        ...endpoints(request),
        ...httpRequest(request),
      },
    }
  if ('key' in event)
    return {
      classUid: 6003,
      categoryUid: 6,
      activityId: event.kind === 'key-created' ? 1 : event.kind === 'key-revoked' ? 4 : 3,
      members: {
        actor: { app_name: 'Gateward' },
        api: { operation: event.kind, service: { name: 'Gateward' } },
        src_endpoint: { name: 'Gateward' },
        resources: [
          { uid: event.key, name: event.display, type: 'API key', owner: { name: event.consumer } },
        ],
      },
    }
  return finding(event, shown, facts)
}

function apiActivity(request: ShownRequest): Classified {
  const { method, object, template } = request.own
  return {
    classUid: 6003,
    categoryUid: 6,
    activityId: apiActivities.get(method) ?? 99,
    members: {
      actor: { user: userOf(request) },
      api: apiOf(request),
      ...endpoints(request),
      ...httpRequest(request),
      duration: request.milliseconds,
      ...(object === '' ? {} : { resources: [{ uid: object, type: template }] }),
    },
  }
}

function httpActivity(request: ShownRequest): Classified {
  const { method, status, bytesOut } = request.own
  return {
    classUid: 4002,
    categoryUid: 4,
    activityId: httpActivities.get(method) ?? 99,
    members: {
      ...endpoints(request),
      ...httpRequest(request),
      http_response: { code: status, length: bytesOut },
      duration: request.milliseconds,
    },
  }
}

function finding(event: GatewardEvent, { request, time }: Shown, { message }: EventFacts): Classified {
  const isAlert = event.kind === 'alert'
  return {
    classUid: 2004,
    categoryUid: 2,
    activityId: isAlert ? alertStates[event.state].activity : 1,
    statusId: isAlert ? alertStates[event.state].status : 1,
    members: {
      finding_info: {
        uid:
          event.kind === 'alert' || event.kind === 'anomaly'
            ? event.id
            : `${event.kind}-${event.time}-${'request' in event ? event.request.requestId : ''}`,
        title: isAlert ? event.rule : event.kind === 'anomaly' ? event.measure : event.kind,
        desc: message,
        types: [event.kind],
        created_time: time,
        ...('guard' in event ? { analytic: { name: event.guard, type_id: 1, uid: event.code } } : {}),
      },
      ...('mode' in event
        ? { action_id: event.mode === 'enforce' ? 2 : 1, disposition_id: event.mode === 'enforce' ? 2 : 1 }
        : {}),
      ...(request === undefined
        ? {}
        : {
            evidences: [
              {
                ...endpoints(request),
                api: apiOf(request),
                url: urlOf(request),
                actor: { user: userOf(request) },
              },
            ],
          }),
    },
  }
}

/** Create, Update and Close; New, In Progress and Resolved. */
const alertStates: Readonly<
  Record<AlertEvent['state'], { readonly activity: number; readonly status: number }>
> = {
  firing: { activity: 1, status: 1 },
  escalated: { activity: 2, status: 2 },
  resolved: { activity: 3, status: 4 },
}

const apiActivities: ReadonlyMap<string, number> = new Map([
  ['POST', 1],
  ['GET', 2],
  ['HEAD', 2],
  ['QUERY', 2],
  ['PUT', 3],
  ['PATCH', 3],
  ['DELETE', 4],
])

const httpActivities: ReadonlyMap<string, number> = new Map([
  ['CONNECT', 1],
  ['DELETE', 2],
  ['GET', 3],
  ['HEAD', 4],
  ['OPTIONS', 5],
  ['POST', 6],
  ['PUT', 7],
  ['TRACE', 8],
])

function userOf({ own: { consumer, label, credential } }: ShownRequest): object {
  return consumer === undefined
    ? { name: 'anonymous', type_id: 0 }
    : { name: consumer, type_id: 1, full_name: label, credential_uid: credential }
}

function apiOf({ own: { operation, api, requestId, status, code } }: ShownRequest): object {
  return {
    operation,
    service: { name: api },
    request: { uid: requestId },
    response: { code: status, error: code },
  }
}

function endpoints({ own: { client, host }, hostKind }: ShownRequest): object {
  return {
    src_endpoint: client === '' ? { name: 'unknown' } : { ip: client },
    dst_endpoint:
      hostKind === 'hostname' ? { hostname: host } : { name: hostKind === 'none' ? 'unknown' : host },
  }
}

/** The method stands in `http_request` where OCSF 1.3 knows it, else beside what the schema has. */
function httpRequest(request: ShownRequest): object {
  const { requestId, method, protocol, bytesIn } = request.own
  const isKnown = httpActivities.has(method)
  return {
    http_request: {
      uid: requestId,
      ...(isKnown ? { http_method: method } : {}),
      version: protocol,
      length: bytesIn,
      url: urlOf(request),
    },
    ...(isKnown ? {} : { unmapped: { http_method: method } }),
  }
}

function urlOf({ own: { path, host, secure }, hostKind }: ShownRequest): object {
  return { path, scheme: secure ? 'https' : 'http', ...(hostKind === 'hostname' ? { hostname: host } : {}) }
}
