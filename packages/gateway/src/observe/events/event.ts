import type { Diagnostic } from '@gateward/kernel'
import type { DataCounts } from '../../exchange/touched-data.ts'

/**
 * Everything that happens in a gateway and that somebody may want to hear of: history, anomalies, alerts and sinks are
 * made from these values alone. An event holds no secret, no body and no header value.
 */
export type GatewardEvent =
  | RequestEvent
  | RefusalEvent
  | GuardFaultEvent
  | DataTouchedEvent
  | KeyEvent
  | ConnectionRefusedEvent
  | ConfigurationLoadedEvent
  | ConfigurationRefusedEvent
  | CertificateEvent
  | EndingEvent
  | IssuerKeysEvent
  | UpstreamHealthEvent
  | PlanStageEvent
  | QueueLossEvent
  | NoticeEvent
  | StateEvent
  | AnomalyEvent
  | AlertEvent

interface Occurrence {
  /** Milliseconds since the Unix epoch. */
  readonly time: number
}

/** One exchange, finished: refused, answered or broken off. */
export interface RequestEvent extends Occurrence {
  readonly kind: 'request'
  readonly requestId: string
  /** W3C Trace Context. */
  readonly traceparent: string
  readonly api: string
  /** The operation's id, `(none)` where nothing matched. */
  readonly operation: string
  /** The path template, `(none)` where nothing matched. */
  readonly template: string
  readonly method: string
  readonly path: string
  readonly host: string
  readonly protocol: string
  readonly secure: boolean
  /** 0 where no answer was sent. */
  readonly status: number
  /** The problem code where the gateway refused or failed. */
  readonly code: string | undefined
  /** The client's address, and the address or network that limits count by. */
  readonly client: string
  readonly block: string
  readonly consumer: string | undefined
  readonly label: string | undefined
  /** The id of the API key, or the fingerprint of the token. */
  readonly credential: string | undefined
  readonly credentialKind: string | undefined
  /** What the path's variables name, such as the order that was read; empty where the template has none. */
  readonly object: string
  /** Milliseconds with a fraction. */
  readonly duration: number
  /** Milliseconds until the service's answer began; `undefined` where it was never asked. */
  readonly upstreamDuration: number | undefined
  /** The declared length of the request's body, bytes; 0 where it is not declared. */
  readonly bytesIn: number
  readonly bytesOut: number
  readonly configuration: string
  /** Where the exchange is traced and sampled. */
  readonly span: SpanFacts | undefined
}

/** What a trace says of an exchange beyond its event; times are milliseconds since the exchange began. */
export interface SpanFacts {
  /** 16 hexadecimal digits. */
  readonly id: string
  /** The caller's span; empty where the trace begins here. */
  readonly parent: string
  readonly guards: readonly GuardStep[]
  readonly call: CallFacts | undefined
}

/** One guard's word. */
export interface GuardStep {
  readonly guard: string
  readonly phase: 'request' | 'request-body' | 'response' | 'response-body'
  readonly verdict: 'pass' | 'refuse' | 'answer' | 'fault'
  readonly mode: 'shadow' | 'enforce'
  readonly code: string | undefined
  /** When it had decided. */
  readonly at: number
  /** How long it took, milliseconds. */
  readonly elapsed: number
}

/** The call to the service. */
export interface CallFacts {
  readonly startedAt: number
  readonly endedAt: number
  /** Scheme, host and port; `undefined` where no target was there. */
  readonly target: string | undefined
  /** The service's status; `undefined` where it gave no answer, or the gateway gave another one. */
  readonly status: number | undefined
}

/** What a guard's refusal means. */
export type RefusalKind =
  | 'authentication-failed'
  | 'access-denied'
  | 'limit-exceeded'
  | 'validation-refused'
  | 'waf-matched'
  | 'request-refused'
  | 'response-refused'

/** One guard refused, or in shadow would have. */
export interface RefusalEvent extends Occurrence {
  readonly kind: RefusalKind
  readonly guard: string
  readonly mode: 'shadow' | 'enforce'
  readonly code: string
  /** Redacted. */
  readonly reason: string
  readonly request: RequestEvent
}

/** A guard broke while it decided. */
interface GuardFaultEvent extends Occurrence {
  readonly kind: 'guard-fault'
  readonly guard: string
  readonly mode: 'shadow' | 'enforce'
  readonly code: string
  readonly reason: string
  readonly request: RequestEvent
}

/** Values of a data class were encrypted, searched by, decrypted, shown or kept from the caller, in one exchange. */
interface DataTouchedEvent extends Occurrence {
  readonly kind: 'data-touched'
  readonly dataClass: string
  /** How many values each was done with. */
  readonly counts: DataCounts
  readonly requestId: string
  readonly api: string
  readonly operation: string
  readonly consumer: string | undefined
}

/** An API key was made or ended. */
export interface KeyEvent extends Occurrence {
  readonly kind: 'key-created' | 'key-rotated' | 'key-revoked' | 'key-disabled' | 'key-enabled'
  readonly key: string
  readonly display: string
  readonly consumer: string
  readonly expiresAt: number
}

/** A connection or a message that never became a request. */
interface ConnectionRefusedEvent extends Occurrence {
  readonly kind: 'connection-refused'
  readonly reason: string
  readonly detail: string
  readonly client: string
}

interface ConfigurationLoadedEvent extends Occurrence {
  readonly kind: 'configuration-loaded'
  readonly configuration: string
  readonly warnings: number
}

/** A load failed; the old configuration goes on. */
interface ConfigurationRefusedEvent extends Occurrence {
  readonly kind: 'configuration-refused'
  readonly diagnostics: readonly Diagnostic[]
}

interface CertificateEvent extends Occurrence {
  readonly kind: 'certificate-loaded'
  readonly name: string
  readonly notAfter: number
}

/** A certificate, key or waiver ends soon, or has ended. */
export interface EndingEvent extends Occurrence {
  readonly kind: 'certificate-ending' | 'key-ending' | 'waiver-ending'
  /** The certificate's name, the key's id, the upstream whose certificate is not verified. */
  readonly subject: string
  readonly detail: string
  readonly endsAt: number
}

interface IssuerKeysEvent extends Occurrence {
  readonly kind: 'issuer-keys'
  readonly source: string
  readonly outcome: 'loaded' | 'failed'
  readonly reason: string | undefined
}

/** An upstream became available or unavailable. */
export interface UpstreamHealthEvent extends Occurrence {
  readonly kind: 'upstream-health'
  readonly upstream: string
  readonly available: boolean
  readonly reason: string
}

/** A stage of the plan by which a version ends has begun. */
export interface PlanStageEvent extends Occurrence {
  readonly kind: 'plan-stage'
  /** The name under which the version is served: `shop@v1`. */
  readonly api: string
  readonly stage: 'deprecated' | 'brownouts' | 'read-only' | 'retired'
  /** When it began, milliseconds since the Unix epoch. */
  readonly beganAt: number
  readonly insecure: boolean
  readonly finding: string | undefined
  readonly successor: string | undefined
  readonly reason: string
}

/** Something that must not be lost was: records, or events on the way to a sink. */
interface QueueLossEvent extends Occurrence {
  readonly kind: 'queue-loss'
  readonly queue: string
  readonly lost: number
  readonly reason: string
}

/** Something the operator should know that belongs to no exchange. */
interface NoticeEvent extends Occurrence {
  readonly kind: 'notice'
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly reason: string
  readonly fix: string | undefined
}

interface StateEvent extends Occurrence {
  readonly kind: 'state'
  readonly state: 'ready' | 'draining' | 'stopped'
}

/** How bad something is: OCSF's words. */
type EventSeverity = 'low' | 'medium' | 'high' | 'critical'

/** Traffic that is not as it was. */
export interface AnomalyEvent extends Occurrence {
  readonly kind: 'anomaly'
  readonly id: string
  /** What was measured, such as `authentication-failures` or `distinct-objects`. */
  readonly measure: string
  /** Whose traffic: `consumer`, and its name. */
  readonly dimension: string
  readonly subject: string
  readonly api: string
  readonly severity: EventSeverity
  readonly observed: number
  /** What would have been usual. */
  readonly expected: number
  /** The explanation, with numbers, for people. */
  readonly explanation: string
}

/** An alert began, goes on after an escalation, or ended. */
export interface AlertEvent extends Occurrence {
  readonly kind: 'alert'
  readonly id: string
  readonly rule: string
  readonly state: 'firing' | 'escalated' | 'resolved'
  readonly severity: EventSeverity
  readonly subject: string
  readonly summary: string
  readonly count: number
}
