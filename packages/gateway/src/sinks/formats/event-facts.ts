import type { GatewardEvent, RequestEvent } from '../../observe/events/event.ts'

/** What every format says of an event. */
export interface EventFacts {
  /** The exchange it belongs to; `undefined` where it belongs to none. */
  readonly request: RequestEvent | undefined
  readonly severity: 'informational' | 'low' | 'medium' | 'high' | 'critical'
  /** Whether something failed or was refused. */
  readonly failed: boolean
  /** One sentence for people. */
  readonly message: string
}

/** The facts of an event, whatever its kind. */
export function factsOf(event: GatewardEvent): EventFacts {
  const request = event.kind === 'request' ? event : 'request' in event ? event.request : undefined
  return { request, severity: severityOf(event), failed: isFailure(event), message: messageOf(event) }
}

function severityOf(event: GatewardEvent): EventFacts['severity'] {
  switch (event.kind) {
    case 'anomaly':
    case 'alert':
      return event.severity
    case 'request':
      return event.status >= 500 ? 'medium' : event.code === undefined ? 'informational' : 'low'
    case 'waf-matched':
    case 'guard-fault':
    case 'queue-loss':
    case 'configuration-refused':
      return 'high'
    case 'authentication-failed':
    case 'access-denied':
    case 'certificate-ending':
    case 'waiver-ending':
    case 'key-revoked':
      return 'medium'
    case 'upstream-health':
      return event.available ? 'informational' : 'high'
    case 'plan-stage':
      return event.insecure ? 'medium' : 'low'
    case 'notice':
      return event.severity === 'error' ? 'medium' : 'low'
    case 'issuer-keys':
      return event.outcome === 'failed' ? 'medium' : 'informational'
    case 'limit-exceeded':
    case 'validation-refused':
    case 'request-refused':
    case 'response-refused':
    case 'connection-refused':
    case 'key-ending':
      return 'low'
    default:
      return 'informational'
  }
}

function isFailure(event: GatewardEvent): boolean {
  if (event.kind === 'request') return event.status >= 400 || event.status === 0
  if ('guard' in event) return event.mode === 'enforce'
  if (event.kind === 'upstream-health') return !event.available
  if (event.kind === 'issuer-keys') return event.outcome === 'failed'
  return (
    event.kind === 'configuration-refused' ||
    event.kind === 'queue-loss' ||
    event.kind === 'connection-refused'
  )
}

function messageOf(event: GatewardEvent): string {
  switch (event.kind) {
    case 'request':
      return `${event.method} ${event.template} ${event.status}`
    case 'anomaly':
      return event.explanation
    case 'alert':
      return `${event.state}: ${event.summary}`
    case 'configuration-refused':
      return event.diagnostics[0]?.message ?? 'the configuration was refused'
    case 'configuration-loaded':
      return `configuration ${event.configuration} runs`
    case 'certificate-loaded':
      return `certificate ${event.name} until ${new Date(event.notAfter).toISOString()}`
    case 'certificate-ending':
    case 'key-ending':
    case 'waiver-ending':
      return `${event.detail}, ends ${new Date(event.endsAt).toISOString()}`
    case 'issuer-keys':
      return `keys of ${event.source} ${event.outcome}${event.reason === undefined ? '' : `: ${event.reason}`}`
    case 'upstream-health':
      return `upstream ${event.upstream} is ${event.available ? 'available' : 'unavailable'}: ${event.reason}`
    case 'plan-stage':
      return `${event.api} is ${event.stage}${event.finding === undefined ? '' : ` for ${event.finding}`}: ${event.reason}`
    case 'queue-loss':
      return `${event.lost} lost of ${event.queue}: ${event.reason}`
    case 'connection-refused':
      return `${event.reason}: ${event.detail}`
    case 'data-touched':
      return `${tellCounts(event.counts)} values of class ${event.dataClass}`
    case 'state':
      return `the gateway is ${event.state}`
    case 'notice':
      return event.reason
    default:
      return 'guard' in event
        ? `${event.guard}: ${event.reason}`
        : `API key ${event.display} of ${event.consumer}`
  }
}

function tellCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([action, count]) => `${action} ${count}`)
    .join(', ')
}
