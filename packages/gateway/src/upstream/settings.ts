import { z } from 'zod'
import { path } from '../settings/references.ts'
import { duration, size } from '../settings/units.ts'

const count = (byDefault: number, most: number) => z.int().min(1).max(most).default(byDefault)

/** The root of a service: scheme, host and port, nothing else, since paths belong to the contract. */
const originUrl = z.string().refine(isOrigin, {
  error: 'an upstream is http:// or https:// with a host and, if need be, a port: http://127.0.0.1:3000',
})

const targetSettings = z.strictObject({
  url: originUrl.describe('Where the service is: scheme, host and port.'),
  weight: count(1, 1_000).describe('Its share of the requests, compared with the other targets.'),
})

const connectionSettings = z.strictObject({
  max: count(256, 65_536).describe('Most connections at a time to one target.'),
  queue: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(1_024)
    .describe('Most requests that wait for a connection to one target; others are refused with 503.'),
  queueFor: duration('5s').describe('How long a request may wait for a connection.'),
  keepAlive: duration('4s').describe(
    'How long an idle connection is kept; keep it below what the service itself allows.',
  ),
})

const timeoutSettings = z.strictObject({
  connect: duration('5s').describe(
    'From the first packet to an open connection, the TLS handshake included.',
  ),
  response: duration('30s').describe('From the request sent to the head of the answer.'),
  idle: duration('60s').describe('Between two parts of an answer, or two messages of a WebSocket.'),
  total: duration('2m').describe('One request with all its retries, to the last byte of the answer.'),
  stream: duration('1h').describe('An event stream or a WebSocket, to its end.'),
  drain: duration('10s').describe(
    'How long requests may go on when the configuration no longer has the upstream.',
  ),
})

/** What may be tried again: a failure before any byte of an answer, or a status. */
const retryCause = z.union([
  z.literal('connect-error'),
  z.literal('reset'),
  z.literal('timeout'),
  z.literal(502),
  z.literal(503),
  z.literal(504),
])

const retrySettings = z.strictObject({
  attempts: z.int().min(0).max(5).default(1).describe('How often one request may be tried again; 0: never.'),
  budget: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('Retries as a fraction of requests, so that retries cannot multiply an outage.'),
  minPerSecond: z
    .number()
    .min(0)
    .max(1_000)
    .default(3)
    .describe('Retries per second that are always allowed, for services with little traffic.'),
  on: z
    .array(retryCause)
    .default(['connect-error', 'reset', 502, 503, 504])
    .describe('What is tried again, of idempotent methods only (RFC 9110 section 9.2.2).'),
})

const activeHealthSettings = z.strictObject({
  path: z
    .string()
    .regex(/^\/[\x21-\x7e]{0,1000}$/, { error: 'a path starts with / and has no spaces: /healthz' })
    .describe('What is asked with GET; 2xx is healthy.'),
  interval: duration('10s').describe('Between two checks of one target.'),
  timeout: duration('2s').describe('How long a check may take.'),
  healthyAfter: count(2, 100).describe('Checks in a row that a target must pass to come back.'),
  unhealthyAfter: count(3, 100).describe('Checks in a row that a target must fail to be left out.'),
})

const passiveHealthSettings = z.strictObject({
  consecutiveFailures: count(5, 10_000).describe('Failures in a row after which a target is left out.'),
  ejectFor: duration('30s').describe('How long it is left out.'),
  maxEjected: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Most targets that may be left out at a time for their failures, as a fraction.'),
})

const healthSettings = z.strictObject({
  active: activeHealthSettings.optional().describe('Checks that the gateway makes itself; none by default.'),
  passive: passiveHealthSettings.prefault({}).describe('What the gateway concludes from answers.'),
})

const breakerSettings = z.strictObject({
  failures: z.number().gt(0).max(1).default(0.5).describe('The fraction of failed requests that opens it.'),
  minimum: count(20, 1_000_000).describe('Requests in the window below which it never opens.'),
  window: duration('10s').describe('The time over which requests are counted.'),
  openFor: duration('10s').describe('How long it stays open before it lets probes through.'),
  probes: count(3, 1_000).describe('Requests that must succeed before it closes again.'),
})

const waiverSettings = z.strictObject({
  reason: z.string().min(10, { error: 'a waiver needs a reason of 10 characters or more' }),
  owner: z.string().min(2, { error: 'a waiver needs an owner: a person or a team' }),
  expires: z.iso
    .date({ error: 'a waiver needs a day on which it ends: 2027-01-31' })
    .describe('The last day on which it holds (UTC).'),
})

const tlsSettings = z.strictObject({
  ca: path().optional().describe('Certificates (PEM) that are trusted instead of the public ones.'),
  cert: path().optional().describe('The certificate (PEM) that the gateway shows to the service.'),
  key: path().optional().describe('The key (PEM) of that certificate.'),
  servername: z.string().min(1).optional().describe('The name the certificate must have, if not the host.'),
  minVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2').describe('The oldest version spoken.'),
  verify: z.boolean().default(true).describe('Whether the certificate is checked; false needs a waiver.'),
  waiver: waiverSettings.optional().describe('Who answers for not checking it, why, and until when.'),
})

const upgradeSettings = z.strictObject({
  maxBytes: size('1GB').describe('Most bytes of one WebSocket, both ways together.'),
  max: count(1_000, 1_000_000).describe('Most WebSockets at a time to the upstream.'),
})

const upstreamObject = z.strictObject({
  targets: z.array(targetSettings).min(1).max(256).describe('Where the service is.'),
  balance: z
    .enum(['round-robin', 'least-connections', 'random-two'])
    .default('round-robin')
    .describe('How a target is chosen; random-two takes the less busy of two.'),
  preserveHost: z
    .boolean()
    .default(false)
    .describe("Whether the service sees the client's Host; else it sees its own."),
  forwardCredentials: z
    .boolean()
    .default(false)
    .describe('Whether API keys that the gateway checked reach the service; tokens always do.'),
  connections: connectionSettings.prefault({}),
  timeouts: timeoutSettings.prefault({}),
  retries: retrySettings.prefault({}),
  health: healthSettings.prefault({}),
  breaker: breakerSettings.prefault({}),
  tls: tlsSettings.prefault({}),
  upgrades: upgradeSettings.prefault({}),
})

/** A service behind the gateway: a URL, or an object with everything that can be set. */
export const upstreamSettings = z.union([
  originUrl.transform((url): UpstreamSettings => upstreamObject.parse({ targets: [{ url }] })),
  upstreamObject,
])

/** A service behind the gateway; durations in milliseconds, sizes in bytes. */
export type UpstreamSettings = z.infer<typeof upstreamObject>
export type RetrySettings = z.infer<typeof retrySettings>
export type RetryCause = z.infer<typeof retryCause>
export type BreakerSettings = z.infer<typeof breakerSettings>
export type PassiveHealthSettings = z.infer<typeof passiveHealthSettings>
export type ActiveHealthSettings = z.infer<typeof activeHealthSettings>
export type TlsSettings = z.infer<typeof tlsSettings>

function isOrigin(text: string): boolean {
  if (!/^https?:\/\/[^/?#@\s]+\/?$/.test(text) || !URL.canParse(text)) return false
  const url = new URL(text)
  return url.pathname === '/' && url.port !== '0'
}
