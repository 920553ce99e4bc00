import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { WafVerdict } from '../engine/match.ts'
import type { Waf } from '../engine/waf.ts'
import type { AdapterOptions } from './guard-transaction.ts'
import { beginTransaction, blockedBody, defaultMaxBody } from './guard-transaction.ts'
import { readBody } from './read-body.ts'
import { watchAnswer } from './watch-answer.ts'

export type { AdapterOptions, MatchReport } from './guard-transaction.ts'

/** A middleware of Express, Connect and their kind. */
export type WafMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Makes the middleware that asks the rules about every request and, where they have rules for it, about every answer. It stands
 * before body parsers: it reads the body whole and leaves it for them.
 *
 * @example
 * const { waf } = await createWaf({ rules: ['core'] })
 * app.use(wafMiddleware(waf))
 */
export function wafMiddleware(waf: Waf, options: AdapterOptions = {}): WafMiddleware {
  const { maxBody = defaultMaxBody, onMatches } = options
  return (request, response, next) => {
    const { transaction, id } = beginTransaction(waf, request, options)
    let verdict: WafVerdict = { kind: 'pass' }
    response.once('close', () => {
      transaction.logging()
      if (transaction.matches.length > 0) onMatches?.({ request, matches: transaction.matches, verdict, id })
    })
    const isBlocked = (decided: WafVerdict): boolean => {
      verdict = decided
      if (decided.kind === 'pass') return false
      block(request, response, decided)
      return true
    }
    if (isBlocked(transaction.requestHeaders())) return
    readBody(request, maxBody, (body) => {
      if (body === undefined) {
        block(request, response, { status: 413 })
        return
      }
      if (isBlocked(transaction.requestBody(body))) return
      watchAnswer(waf, transaction, response, options, (decided) => (verdict = decided))
      next()
    })
  }
}

/**
 * Puts the rules before a listener of node:http.
 *
 * @example
 * createServer(withWaf(waf, (request, response) => response.end('hello'))).listen(8080)
 */
export function withWaf(waf: Waf, listener: RequestListener, options: AdapterOptions = {}): RequestListener {
  const middleware = wafMiddleware(waf, options)
  return (request, response) => middleware(request, response, () => listener(request, response))
}

function block(
  request: IncomingMessage,
  response: ServerResponse,
  { status, location }: { readonly status: number; readonly location?: string },
): void {
  const body = blockedBody(status)
  // What the client still sends is nobody's: the connection ends with the answer.
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
    ...(location !== undefined && { location: encodeURI(location) }),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}
