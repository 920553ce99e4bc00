import type { Exchange } from '../exchange/exchange.ts'
import type { LimitStanding } from '../exchange/limit-standing.ts'

/**
 * Writes how the caller stands onto the answer, refused or not, in three families:
 * - `X-RateLimit-Limit`, `-Remaining` and `-Reset` of the tightest limit; `Reset` in seconds from now, as in
 *   `RateLimit`, so that clients need no clock of ours;
 * - `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers, structured fields of RFC 9651),
 *   all limits, the tightest first;
 * - `Retry-After` comes with the refusal itself (`retryAfter`).
 * What the upstream said under these names is replaced: it does not know the limits that hold here.
 */
export function writeLimitHeaders(exchange: Exchange): void {
  const { limits, answer } = exchange
  if (answer === undefined || limits.length === 0) return
  const tightest = limits.length === 1 ? (limits[0] as LimitStanding) : findTightest(limits)
  let policy = policyItem(tightest)
  let standing = standingItem(tightest)
  for (const other of limits) {
    if (other === tightest) continue
    policy += `, ${policyItem(other)}`
    standing += `, ${standingItem(other)}`
  }
  const { headers } = answer
  headers.deleteAll(limitHeaderNames)
  headers.append('x-ratelimit-limit', String(tightest.limit))
  headers.append('x-ratelimit-remaining', String(tightest.remaining))
  headers.append('x-ratelimit-reset', String(tightest.resetSeconds))
  headers.append('ratelimit-policy', policy)
  headers.append('ratelimit', standing)
}

/**
 * The value of `Retry-After` (RFC 9110 section 10.2.3) for a refusal: never 0, never too early, and up to a tenth
 * plus a second late, so that the refused do not all come back at once.
 */
export function retryAfter(standing: LimitStanding, random: () => number = Math.random): string {
  const earliest = Math.max(1, standing.retrySeconds)
  return String(earliest + Math.floor(random() * (Math.min(60, earliest * 0.1) + 1.999)))
}

const limitHeaderNames: ReadonlySet<string> = new Set([
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'ratelimit-policy',
  'ratelimit',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
])

/** The refused one, else the one with the smallest share left. */
function findTightest(limits: readonly LimitStanding[]): LimitStanding {
  let tightest = limits[0] as LimitStanding
  for (const standing of limits) {
    if (standing.allowed !== tightest.allowed ? !standing.allowed : shareLeft(standing) < shareLeft(tightest))
      tightest = standing
  }
  return tightest
}

function shareLeft(standing: LimitStanding): number {
  return standing.remaining / standing.limit
}

function standingItem(standing: LimitStanding): string {
  return `${policyName(standing)};r=${standing.remaining};t=${standing.resetSeconds}`
}

function policyItem(standing: LimitStanding): string {
  return writtenPolicy(standing).item
}

function policyName(standing: LimitStanding): string {
  return writtenPolicy(standing).name
}

interface WrittenPolicy {
  readonly limit: number
  readonly window: number
  readonly name: string
  readonly item: string
}

// Names of policies come from configuration, so there are few; the bound holds whatever a limiter makes up.
const writtenPolicies = new Map<string, WrittenPolicy>()
const mostWrittenPolicies = 1_000

function writtenPolicy(standing: LimitStanding): WrittenPolicy {
  const { policy, limit, window } = standing
  const found = writtenPolicies.get(policy)
  if (found !== undefined && found.limit === limit && found.window === window) return found
  const name = toStructuredString(policy)
  // `w` is an Integer of RFC 9651, and a window may be less than a second.
  const item = `${name};q=${limit};w=${Math.max(1, Math.ceil(window))}`
  const written = { limit, window, name, item }
  if (writtenPolicies.size < mostWrittenPolicies || found !== undefined) writtenPolicies.set(policy, written)
  return written
}

/** A String of RFC 9651 section 3.3.3: what it cannot hold becomes a dash. */
function toStructuredString(text: string): string {
  return `"${text.replaceAll(/[^\x20-\x7e]/g, '-').replaceAll(/["\\]/g, '\\$&')}"`
}
