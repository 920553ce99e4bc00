import { defineProblem, renderProblem, type Problem } from '@gateward/kernel'
import type { Registry } from 'prom-client'
import type { Opening } from '../exchange/exchange.ts'
import type { Reply } from '../exchange/reply.ts'

/** What operators and their probes can ask of a running gateway. */
export interface AdminQuestions {
  readonly registry: Registry
  /** Why the gateway should get no traffic at the moment; an empty list: it should. */
  unready(): readonly string[]
}

/** Answers `/livez`, `/readyz` and `/metrics` on the admin address; nothing there changes anything, so GET and HEAD are all. */
export function createAdminHandler(questions: AdminQuestions): (opening: Opening, reply: Reply) => void {
  return (opening, reply) => {
    const { method, path } = opening.request
    if (opening.defect !== undefined) refuse(opening, reply, opening.defect)
    else if (!routes.has(path)) refuse(opening, reply, notFound)
    else if (method !== 'GET' && method !== 'HEAD') refuse(opening, reply, wrongMethod)
    else if (path === '/livez') send(reply, 200, text, 'ok\n')
    else if (path === '/readyz') tellReadiness(reply, questions.unready())
    else tellMetrics(opening, reply, questions.registry)
  }
}

const routes: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics'])
const notFound = defineProblem('NOT_FOUND', 'the admin address has /livez, /readyz and /metrics')
const wrongMethod = defineProblem('METHOD_NOT_ALLOWED', 'only GET and HEAD', {
  headers: [['allow', 'GET, HEAD']],
})
const text = 'text/plain; charset=utf-8'

function tellReadiness(reply: Reply, reasons: readonly string[]): void {
  if (reasons.length === 0) send(reply, 200, text, 'ready\n')
  else send(reply, 503, text, `${reasons.join('\n')}\n`)
}

function tellMetrics(opening: Opening, reply: Reply, registry: Registry): void {
  registry.metrics().then(
    (metrics) => send(reply, 200, registry.contentType, metrics),
    (error: unknown) => refuse(opening, reply, defineProblem('INTERNAL_ERROR', String(error))),
  )
}

function refuse(opening: Opening, reply: Reply, problem: Problem): void {
  send(
    reply,
    problem.status,
    'application/problem+json',
    renderProblem(problem, opening.id, false),
    problem.headers,
  )
}

function send(
  reply: Reply,
  status: number,
  contentType: string,
  body: string,
  extra: readonly (readonly [name: string, value: string])[] = [],
): void {
  const headers = [
    'content-type',
    contentType,
    'cache-control',
    'no-store',
    'x-content-type-options',
    'nosniff',
    ...extra.flat(),
  ]
  reply.send(status, headers, Buffer.from(body))
}
