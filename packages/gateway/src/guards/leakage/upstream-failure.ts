import { defineProblem, type Problem, type ProblemCode } from '@gateward/kernel'
import type { AnsweredExchange } from '../../exchange/exchange.ts'
import { redact } from '../../observe/redact.ts'

/** The generic problem in place of a service's 5xx answer; what the service said stands in its `reason`, for the log. */
export function upstreamFailure(exchange: AnsweredExchange): Problem {
  const { status, body } = exchange.answer
  const text = body.kind === 'whole' ? excerpt(body.bytes, 0) : ''
  return genericProblem(exchange, `the service answered ${status}${text === '' ? '' : `: ${text}`}`)
}

/** The generic problem that takes the place of an answer, in the same class of status: below 400 it becomes a 500. */
export function genericProblem({ answer }: AnsweredExchange, reason: string): Problem {
  const { status } = answer
  const headers = keptHeaders.flatMap((name) => {
    const value = answer.headers.get(name)
    return value === undefined || !plainValue.test(value) ? [] : [[name, value] as const]
  })
  const code = codes[status] ?? (status >= 400 && status < 500 ? 'BAD_REQUEST' : 'UPSTREAM_FAILED')
  return defineProblem(code, reason, { headers, ...(status >= 400 && status < 500 ? { status } : {}) })
}

/** At most 4 KB from just before `at`, credentials masked, on one line. */
export function excerpt(bytes: Buffer, at: number): string {
  const start = Math.max(0, at - 200)
  const text = bytes.subarray(start, start + maximumExcerpt).toString()
  return redact(text).replace(/\s+/g, ' ').trim()
}

const maximumExcerpt = 4_096

// What a client needs to act on the status, and what cannot carry a message.
const keptHeaders = ['retry-after', 'allow', 'www-authenticate'] as const
const plainValue = /^[\x20-\x7e]{1,1000}$/

const codes: Readonly<Record<number, ProblemCode>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  408: 'REQUEST_TIMEOUT',
  410: 'VERSION_RETIRED',
  413: 'PAYLOAD_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'VALIDATION_ERROR',
  429: 'RATE_LIMITED',
  431: 'HEADERS_TOO_LARGE',
  502: 'UPSTREAM_ERROR',
  503: 'UPSTREAM_UNAVAILABLE',
  504: 'UPSTREAM_TIMEOUT',
}
