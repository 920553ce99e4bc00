import type { GatewardEvent } from '../observe/events/event.ts'
import type { AlertSeverity } from '../store/alert-store.ts'

/** What makes an alert. */
export interface AlertRule {
  /** For people, in the configuration's reference and in messages. */
  readonly summary: string
  readonly defaults: {
    readonly severity: AlertSeverity
    readonly threshold: number
    readonly window: string
    readonly share: number
  }
  /** The kinds of events it looks at. */
  readonly kinds: readonly GatewardEvent['kind'][]
  /** What the event is about, such as the API; `undefined` where it does not count. */
  subject(event: GatewardEvent): string | undefined
  /** One line about one event, for the alert's details. */
  detail(event: GatewardEvent): string
  /** The event's own severity, where it has one that goes over the rule's. */
  severity?(event: GatewardEvent): AlertSeverity | undefined
}

/** The rules that are shipped, by name: the article's five metrics, and what ends, fails or is lost. */
export const ruleCatalog = {
  'authentication-failures': refusalRule({
    summary:
      'Many requests of an API fail to authenticate: credentials are guessed, or a client is misconfigured.',
    kind: 'authentication-failed',
    threshold: 50,
    share: 0.2,
  }),
  'rate-limit-violations': refusalRule({
    summary: 'Many requests of an API go over a limit.',
    kind: 'limit-exceeded',
    threshold: 200,
    share: 0.05,
  }),
  'error-spike': {
    summary: 'Many answers of an API are errors of the service or the gateway (5xx).',
    defaults: { severity: 'high', threshold: 20, window: '5m', share: 0.05 },
    kinds: ['request'],
    subject: (event) => (event.kind === 'request' && event.status >= 500 ? event.api : undefined),
    detail: (event) =>
      event.kind === 'request'
        ? `${event.method} ${event.template} ${event.status} ${event.code ?? ''} request ${event.requestId}`
        : '',
  },
  'unusual-traffic': anomalyRule('Traffic of an API, consumer, key or network is not as it was.', false),
  'geographic-anomaly': anomalyRule(
    'A consumer or key is used from where it never was, or from two far places.',
    true,
  ),
  'attacks-blocked': refusalRule({
    summary: 'The web application firewall finds many attacks on an API.',
    kind: 'waf-matched',
    threshold: 20,
    share: 0,
  }),
  'guard-fault': {
    summary: 'A guard breaks while it decides.',
    defaults: { severity: 'critical', threshold: 1, window: '5m', share: 0 },
    kinds: ['guard-fault'],
    subject: (event) => (event.kind === 'guard-fault' ? event.guard : undefined),
    detail: (event) => (event.kind === 'guard-fault' ? `${event.code}: ${event.reason}` : ''),
  },
  'upstream-unavailable': {
    summary: 'No target of an upstream can be reached.',
    defaults: { severity: 'critical', threshold: 1, window: '5m', share: 0 },
    kinds: ['upstream-health'],
    subject: (event) => (event.kind === 'upstream-health' && !event.available ? event.upstream : undefined),
    detail: (event) => (event.kind === 'upstream-health' ? event.reason : ''),
  },
  'certificate-ending': endingRule(
    'certificate-ending',
    'A certificate that the gateway serves ends soon.',
    'high',
  ),
  'key-ending': endingRule('key-ending', 'An API key ends soon and has no successor.', 'low'),
  'waiver-ending': endingRule(
    'waiver-ending',
    'A waiver ends soon; what it allowed will be refused.',
    'medium',
  ),
  'version-stage': {
    summary:
      'A version of an API is deprecated, paused for the first time, read-only or retired from now on.',
    defaults: { severity: 'low', threshold: 1, window: '1h', share: 0 },
    kinds: ['plan-stage'],
    subject: (event) => (event.kind === 'plan-stage' ? `${event.api} ${event.stage}` : undefined),
    detail: (event) =>
      event.kind === 'plan-stage'
        ? `since ${new Date(event.beganAt).toISOString()}${event.finding === undefined ? '' : `, for ${event.finding}`}: ${event.reason}`
        : '',
    severity: (event) => (event.kind === 'plan-stage' && event.insecure ? 'medium' : undefined),
  },
  'queue-loss': {
    summary: 'Events or records were lost on their way.',
    defaults: { severity: 'high', threshold: 1, window: '15m', share: 0 },
    kinds: ['queue-loss'],
    subject: (event) => (event.kind === 'queue-loss' ? event.queue : undefined),
    detail: (event) => (event.kind === 'queue-loss' ? `${event.lost} lost: ${event.reason}` : ''),
  },
  'reload-failed': {
    summary: 'A changed configuration was refused; the old one goes on.',
    defaults: { severity: 'high', threshold: 1, window: '15m', share: 0 },
    kinds: ['configuration-refused'],
    subject: () => 'configuration',
    detail: (event) =>
      event.kind === 'configuration-refused' ? (event.diagnostics[0]?.message ?? 'no reason was given') : '',
  },
  'issuer-keys-failed': {
    summary: 'The public keys of a token issuer cannot be read.',
    defaults: { severity: 'high', threshold: 3, window: '15m', share: 0 },
    kinds: ['issuer-keys'],
    subject: (event) =>
      event.kind === 'issuer-keys' && event.outcome === 'failed' ? event.source : undefined,
    detail: (event) => (event.kind === 'issuer-keys' ? (event.reason ?? '') : ''),
  },
} as const satisfies Readonly<Record<string, AlertRule>>

export type RuleName = keyof typeof ruleCatalog

type RefusalKind = 'authentication-failed' | 'limit-exceeded' | 'waf-matched'

function refusalRule(rule: {
  readonly summary: string
  readonly kind: RefusalKind
  readonly threshold: number
  readonly share: number
}): AlertRule {
  const { summary, kind, threshold, share } = rule
  return {
    summary,
    defaults: { severity: 'high', threshold, window: '5m', share },
    kinds: [kind],
    subject: (event) => (event.kind === kind ? event.request.api : undefined),
    detail: (event) =>
      event.kind === kind
        ? `${event.request.client} ${event.request.consumer ?? 'anonymous'} ${event.request.operation}: ${event.reason} (request ${event.request.requestId})`
        : '',
  }
}

/** The measures of anomalies that are about places. */
const geographicMeasures: ReadonlySet<string> = new Set([
  'new-country',
  'impossible-travel',
  'network-change',
])

function anomalyRule(summary: string, isGeographic: boolean): AlertRule {
  return {
    summary,
    defaults: { severity: 'medium', threshold: 1, window: '30m', share: 0 },
    kinds: ['anomaly'],
    subject: (event) =>
      event.kind === 'anomaly' && geographicMeasures.has(event.measure) === isGeographic
        ? `${event.dimension} ${event.subject}`
        : undefined,
    detail: (event) => (event.kind === 'anomaly' ? event.explanation : ''),
    severity: (event) => (event.kind === 'anomaly' ? event.severity : undefined),
  }
}

function endingRule(
  kind: 'certificate-ending' | 'key-ending' | 'waiver-ending',
  summary: string,
  severity: AlertSeverity,
): AlertRule {
  return {
    summary,
    // It is told once a day.
    defaults: { severity, threshold: 1, window: '25h', share: 0 },
    kinds: [kind],
    subject: (event) => (event.kind === kind ? event.subject : undefined),
    detail: (event) =>
      event.kind === kind ? `${event.detail}, ends ${new Date(event.endsAt).toISOString()}` : '',
  }
}
