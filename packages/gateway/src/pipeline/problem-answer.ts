import { renderProblem, type Problem } from '@gateward/kernel'
import type { Answer } from '../exchange/answer.ts'
import { HeaderList } from '../exchange/header-list.ts'

/** A problem as the answer that clients see (RFC 9457). */
export function problemAnswer(problem: Problem, requestId: string, showPointers: boolean): Answer {
  const headers = new HeaderList([
    'content-type',
    'application/problem+json',
    'cache-control',
    'no-store',
    'x-request-id',
    requestId,
  ])
  for (const [name, value] of problem.headers) headers.append(name, value)
  const bytes = Buffer.from(renderProblem(problem, requestId, showPointers))
  return { status: problem.status, headers, body: { kind: 'whole', bytes }, source: 'gateway' }
}
