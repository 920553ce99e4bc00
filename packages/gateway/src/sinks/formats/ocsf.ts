import type { AlertEvent, GatewardEvent, RequestEvent } from '../../observe/events/event.ts'
import { factsOf, type EventFacts } from './event-facts.ts'
import type { EventWriter } from './event-writer.ts'

/**
 * Events in the Open Cybersecurity Schema Framework 1.3.0: API Activity (6003) for exchanges of an operation and for keys,
 * HTTP Activity (4002) for exchanges that match none, Authentication (3002) for failed ones, and Detection Finding (2004)
 * for what was refused, found or broken.
 */
export const writeOcsf: EventWriter = (event, { uid, version, host }) => {
  const facts = factsOf(event)
  const severity = severities[facts.severity]
  const { classUid, categoryUid, activityId, statusId, members } = classify(event, facts)
  return JSON.stringify({
    activity_id: activityId,
    category_uid: categoryUid,
    class_uid: classUid,
    type_uid: classUid * 100 + activityId,
    severity_id: severity,
    time: event.time,
    message: facts.message,
    status_id: statusId ?? (facts.failed ? 2 : 1),
    metadata: {
      version: '1.3.0',
      uid,
      event_code: event.kind,
      product: { name: 'Gateward', vendor_name: 'Gateward', version },
      loggers: [{ name: 'Gateward', device: { hostname: host, type_id: 1 } }],
      // What a security control decided is of this profile, and valid only where it is named.
      ...('action_id' in members ? { profiles: ['security_control'] } : {}),
      ...(facts.request === undefined ? {} : { correlation_uid: facts.request.requestId }),
    },
    ...members,
  })
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

function classify(event: GatewardEvent, facts: EventFacts): Classified {
  if (event.kind === 'request') return event.operation === '(none)' ? httpActivity(event) : apiActivity(event)
  if (event.kind === 'authentication-failed')
    return {
      classUid: 3002,
      categoryUid: 3,
      activityId: 1,
      members: {
        user: userOf(event.request),
        service: { name: event.request.api },
        status_detail: event.reason,
        is_cleartext: !event.request.secure,
        ...endpoints(event.request),
        ...httpRequest(event.request),
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
  return finding(event, facts)
}

function apiActivity(event: RequestEvent): Classified {
  return {
    classUid: 6003,
    categoryUid: 6,
    activityId: apiActivities.get(event.method) ?? 99,
    members: {
      actor: { user: userOf(event) },
      api: apiOf(event),
      ...endpoints(event),
      ...httpRequest(event),
      duration: Math.round(event.duration),
      ...(event.object === '' ? {} : { resources: [{ uid: event.object, type: event.template }] }),
    },
  }
}

function httpActivity(event: RequestEvent): Classified {
  return {
    classUid: 4002,
    categoryUid: 4,
    activityId: httpActivities.get(event.method) ?? 99,
    members: {
      ...endpoints(event),
      ...httpRequest(event),
      http_response: { code: event.status, length: event.bytesOut },
      duration: Math.round(event.duration),
    },
  }
}

function finding(event: GatewardEvent, { request, message }: EventFacts): Classified {
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
            : `${event.kind}-${event.time}-${request?.requestId ?? ''}`,
        title: isAlert ? event.rule : event.kind === 'anomaly' ? event.measure : event.kind,
        desc: message,
        types: [event.kind],
        created_time: event.time,
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

function userOf({ consumer, label, credential }: RequestEvent): object {
  if (consumer === undefined) return { name: 'anonymous', type_id: 0 }
  return {
    name: consumer,
    type_id: 1,
    ...(label === undefined ? {} : { full_name: label }),
    ...(credential === undefined ? {} : { credential_uid: credential }),
  }
}

function apiOf({ operation, api, requestId, status, code }: RequestEvent): object {
  return {
    operation,
    service: { name: api },
    request: { uid: requestId },
    response: { code: status, ...(code === undefined ? {} : { error: code }) },
  }
}

function endpoints({ client, host }: RequestEvent): object {
  return {
    src_endpoint: client === '' ? { name: 'unknown' } : { ip: client },
    dst_endpoint: hostname.test(host) ? { hostname: host } : { name: host === '' ? 'unknown' : host },
  }
}

/** The method stands in `http_request` where OCSF 1.3 knows it, else beside what the schema has. */
function httpRequest(event: RequestEvent): object {
  const { requestId, method, protocol, bytesIn } = event
  const isKnown = httpActivities.has(method)
  return {
    http_request: {
      uid: requestId,
      ...(isKnown ? { http_method: method } : {}),
      version: protocol,
      length: bytesIn,
      url: urlOf(event),
    },
    ...(isKnown ? {} : { unmapped: { http_method: method } }),
  }
}

function urlOf({ path, host, secure }: RequestEvent): object {
  return { path, scheme: secure ? 'https' : 'http', ...(hostname.test(host) ? { hostname: host } : {}) }
}

/** A name of the domain name system, or an IPv4 address, which is written as one. */
const hostname = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i
