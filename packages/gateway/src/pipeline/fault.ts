import { defineProblem, toFault, type Fault, type Problem, type ProblemCode } from '@gateward/kernel'
import { ItemRefused } from './item-refused.ts'

/** What the client learns of a fault: a generic problem by who is to blame; the detail is its `reason`, for the log. */
export function faultToProblem(fault: Fault): Problem {
  if (fault.cause instanceof ItemRefused) return fault.cause.problem
  const code = publicCodes[fault.code] ?? (fault.source === 'upstream' ? 'UPSTREAM_ERROR' : 'INTERNAL_ERROR')
  const reason = fault.cause instanceof Error ? `${fault.message}: ${fault.cause.message}` : fault.message
  return defineProblem(
    code,
    reason,
    fault.retryable && retriableStatus.has(code) ? { headers: retrySoon } : {},
  )
}

/** As {@link faultToProblem}, of anything that was thrown. */
export function thrownToProblem(thrown: unknown): Problem {
  return thrown instanceof ItemRefused ? thrown.problem : faultToProblem(toFault(thrown))
}

const retrySoon = [['retry-after', '5']] as const

const publicCodes: Readonly<Record<string, ProblemCode>> = {
  UPSTREAM_UNAVAILABLE: 'UPSTREAM_UNAVAILABLE',
  UPSTREAM_TIMEOUT: 'UPSTREAM_TIMEOUT',
  UPSTREAM_ERROR: 'UPSTREAM_ERROR',
  AUTHENTICATION_UNAVAILABLE: 'AUTHENTICATION_UNAVAILABLE',
  OVERLOADED: 'OVERLOADED',
  BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  CLIENT_GONE: 'BAD_REQUEST',
}

const retriableStatus: ReadonlySet<ProblemCode> = new Set([
  'UPSTREAM_UNAVAILABLE',
  'AUTHENTICATION_UNAVAILABLE',
  'OVERLOADED',
])
