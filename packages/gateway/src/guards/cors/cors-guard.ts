import { defineProblem, type Problem } from '@gateward/kernel'
import type { Answer } from '../../exchange/answer.ts'
import type { AnsweredExchange, Exchange, ReceivedRequest } from '../../exchange/exchange.ts'
import { HeaderList } from '../../exchange/header-list.ts'
import { pass, type Guard, type GuardInput, type Verdict } from '../guard.ts'
import { isOwnOrigin, OriginList } from './origin-list.ts'
import type { CorsSettings } from './settings.ts'

/**
 * The gateway alone speaks CORS: what the upstream says of it is removed, preflights are answered here before
 * anybody has to say who they are, and an origin is repeated only if the settings list it.
 */
export class CorsGuard implements Guard {
  readonly #origins: OriginList
  readonly #methods: ReadonlySet<string>
  readonly #headers: ReadonlySet<string>
  readonly #preflightFields: readonly string[]
  readonly #answerFields: readonly string[]
  readonly #refuseUnsafe: boolean
  readonly #varies: boolean
  readonly #shadow: boolean

  constructor({ settings, pathMethods }: GuardInput<CorsSettings>) {
    this.#origins = new OriginList(settings.origins)
    this.#methods = new Set(
      settings.methods.filter((method) => pathMethods === undefined || pathMethods.includes(method)),
    )
    this.#headers = new Set([...safelistedHeaders, ...settings.headers])
    this.#preflightFields = preflightFields(settings, this.#methods)
    this.#answerFields = answerFields(settings)
    this.#refuseUnsafe = settings.refuseUnsafe
    this.#varies = settings.origins.length > 0 && !this.#origins.any
    this.#shadow = settings.mode === 'shadow'
  }

  onRequest(exchange: Exchange): Verdict {
    const { request } = exchange
    const origin = request.headers.getJoined('origin')
    if (origin === undefined) return pass
    const asked = preflightMethod(request)
    if (asked !== undefined) return this.#answerPreflight(request, origin, asked)
    if (this.#origins.allows(origin) || isOwnOrigin(origin, request.host)) return pass
    // Browsers keep answers from the page, but neither changes already made nor WebSockets.
    if (request.upgrade === undefined && (!this.#refuseUnsafe || safeMethods.has(request.method))) return pass
    return { kind: 'refuse', problem: denied(`the origin ${toPrintable(origin)} is not allowed`) }
  }

  onResponse(exchange: AnsweredExchange): Verdict {
    const { request, answer } = exchange
    const own = answer.source === 'gateway'
    if (this.#shadow || (own && preflightMethod(request) !== undefined && answer.status === 204)) return pass
    if (!own) removeCorsFields(answer.headers.flat)
    if (this.#varies) vary(answer.headers)
    const origin = request.headers.getJoined('origin')
    if (origin === undefined || !this.#origins.allows(origin)) return pass
    answer.headers.append('access-control-allow-origin', this.#origins.any ? '*' : origin)
    answer.headers.flat.push(...this.#answerFields)
    return pass
  }

  #answerPreflight(request: ReceivedRequest, origin: string, method: string): Verdict {
    if (!this.#origins.allows(origin))
      return { kind: 'refuse', problem: denied(`the origin ${toPrintable(origin)} is not allowed`) }
    if (!this.#methods.has(method))
      return { kind: 'refuse', problem: denied(`pages may not use the method ${toPrintable(method)} here`) }
    const foreign = this.#foreignHeader(request)
    if (foreign !== undefined)
      return { kind: 'refuse', problem: denied(`pages may not send the field ${toPrintable(foreign)}`) }
    const allowed = this.#origins.any ? '*' : origin
    const headers = new HeaderList(['access-control-allow-origin', allowed, ...this.#preflightFields])
    const answer: Answer = { status: 204, headers, body: { kind: 'none' }, source: 'gateway' }
    return { kind: 'answer', answer }
  }

  /** The first field that a page asks to send and may not. */
  #foreignHeader({ headers }: ReceivedRequest): string | undefined {
    const asked = headers.getJoined('access-control-request-headers')
    if (asked === undefined) return undefined
    return asked
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .find((name) => name !== '' && !this.#headers.has(name))
  }
}

/** Every page may send these (Fetch standard, CORS-safelisted request-header), so asking for them is no matter. */
const safelistedHeaders = ['accept', 'accept-language', 'content-language', 'range']

/** Methods that change nothing (RFC 9110 section 9.2.1). */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY'])

/** The method that a preflight asks for; `undefined` where the request is no preflight. */
function preflightMethod({ method, headers }: ReceivedRequest): string | undefined {
  return method === 'OPTIONS' ? headers.get('access-control-request-method') : undefined
}

function preflightFields(settings: CorsSettings, methods: ReadonlySet<string>): readonly string[] {
  const fields = [
    'access-control-allow-methods',
    [...methods].join(', '),
    'access-control-max-age',
    String(Math.floor(settings.maxAge / 1_000)),
    'vary',
    'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
  ]
  if (settings.headers.length > 0) fields.push('access-control-allow-headers', settings.headers.join(', '))
  if (settings.credentials) fields.push('access-control-allow-credentials', 'true')
  return fields
}

function answerFields(settings: CorsSettings): readonly string[] {
  const fields: string[] = []
  if (settings.exposed.length > 0) fields.push('access-control-expose-headers', settings.exposed.join(', '))
  if (settings.credentials) fields.push('access-control-allow-credentials', 'true')
  return fields
}

function removeCorsFields(flat: string[]): void {
  let write = 0
  for (let read = 0; read < flat.length; read += 2) {
    const name = flat[read] as string
    if (name.startsWith('access-control-')) continue
    flat[write] = name
    flat[write + 1] = flat[read + 1] as string
    write += 2
  }
  flat.length = write
}

// Also on answers without CORS fields: a cache must not give one origin's answer to another.
function vary(headers: HeaderList): void {
  const present = headers.getJoined('vary')
  if (present === undefined || !/(?:^|[\s,])(?:origin|\*)(?:[\s,]|$)/i.test(present))
    headers.append('vary', 'Origin')
}

function denied(reason: string): Problem {
  return defineProblem('ORIGIN_DENIED', reason)
}

/** What a caller wrote, cut and freed of control characters, so that a log line stays one line. */
function toPrintable(text: string): string {
  return JSON.stringify(text.slice(0, 100))
}
