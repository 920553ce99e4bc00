import { createHash, timingSafeEqual } from 'node:crypto'
import { defineProblem, type Secret } from '@gateward/kernel'
import type { Registry } from 'prom-client'
import type { Opening } from '../exchange/exchange.ts'
import type { Reply } from '../exchange/reply.ts'
import { sendAnswer, sendProblem } from './http/answer.ts'

/** What probes and Prometheus can ask of a running gateway. */
export interface ProbesOptions {
  readonly registry: Registry
  /** Why the gateway should get no traffic at the moment; an empty list: it should. */
  readonly unready: () => readonly string[]
  /** What `/metrics` asks for as a bearer token; `undefined`: it is open to everybody who reaches the address. */
  readonly metricsToken: () => Secret | undefined
}

const paths: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics'])

/** Whether a path is one of those that need no session. */
export function isProbe(path: string): boolean {
  return paths.has(path)
}

/** Answers `/livez`, `/readyz` and `/metrics`, under whatever host name: probes use addresses. */
export class Probes {
  readonly #options: ProbesOptions

  constructor(options: ProbesOptions) {
    this.#options = options
  }

  answer(opening: Opening, reply: Reply): void {
    const { method, path } = opening.request
    if (method !== 'GET' && method !== 'HEAD') sendProblem(reply, wrongMethod, opening.id)
    else if (path === '/livez') sendText(reply, 200, 'ok\n')
    else if (path === '/readyz') this.#tellReadiness(reply)
    else if (!this.#mayRead(opening)) sendProblem(reply, tokenNeeded, opening.id)
    else this.#tellMetrics(opening, reply)
  }

  #tellReadiness(reply: Reply): void {
    const reasons = this.#options.unready()
    if (reasons.length === 0) sendText(reply, 200, 'ready\n')
    else sendText(reply, 503, `${reasons.join('\n')}\n`)
  }

  #mayRead({ request }: Opening): boolean {
    const token = this.#options.metricsToken()
    if (token === undefined) return true
    const shown = /^Bearer (.{1,4096})$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
    return timingSafeEqual(digest(shown), digest(token.reveal()))
  }

  #tellMetrics(opening: Opening, reply: Reply): void {
    const { registry } = this.#options
    registry.metrics().then(
      (metrics) => sendAnswer(reply, 200, ['content-type', registry.contentType], Buffer.from(metrics)),
      (error: unknown) => sendProblem(reply, defineProblem('INTERNAL_ERROR', String(error)), opening.id),
    )
  }
}

function sendText(reply: Reply, status: number, text: string): void {
  sendAnswer(reply, status, ['content-type', 'text/plain; charset=utf-8'], Buffer.from(text))
}

// Of one length, as the comparison needs them, and without telling the length of the token.
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

const wrongMethod = defineProblem('METHOD_NOT_ALLOWED', 'only GET and HEAD', {
  headers: [['allow', 'GET, HEAD']],
})
const tokenNeeded = defineProblem('UNAUTHENTICATED', 'send the token of admin.metricsToken', {
  headers: [['www-authenticate', 'Bearer realm="gateward-metrics"']],
})
