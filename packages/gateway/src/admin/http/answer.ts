import { problemCatalog, type Diagnostic, type Problem } from '@gateward/kernel'
import type { Reply } from '../../exchange/reply.ts'
import { securityHeaders } from './security-headers.ts'

/** Sends a whole answer of the admin address; nothing of it is kept by any cache unless `headers` says so. */
export function sendAnswer(
  reply: Reply,
  status: number,
  headers: readonly string[],
  bytes: Buffer | undefined,
): void {
  const caching = headers.includes('cache-control') ? [] : ['cache-control', 'no-store']
  reply.send(status, [...securityHeaders, ...caching, ...headers], bytes)
}

export function sendJson(
  reply: Reply,
  status: number,
  value: unknown,
  headers: readonly string[] = [],
): void {
  const bytes = Buffer.from(JSON.stringify(value))
  sendAnswer(reply, status, ['content-type', 'application/json', ...headers], bytes)
}

/**
 * Sends a problem (RFC 9457). Unlike the gate, the admin address says what is wrong: who asks runs the gateway, or is
 * told nothing but that they are not known.
 */
export function sendProblem(
  reply: Reply,
  problem: Problem,
  requestId: string,
  diagnostics: readonly Diagnostic[] = [],
): void {
  const { type, title } = problemCatalog[problem.code]
  const bytes = Buffer.from(
    JSON.stringify({
      type,
      title,
      status: problem.status,
      error: title,
      code: problem.code,
      detail: problem.reason,
      requestId,
      ...(problem.pointers.length === 0 ? {} : { errors: problem.pointers }),
      ...(diagnostics.length === 0 ? {} : { diagnostics }),
    }),
  )
  const headers = ['content-type', 'application/problem+json', 'x-request-id', requestId]
  sendAnswer(reply, problem.status, [...headers, ...problem.headers.flat()], bytes)
}
