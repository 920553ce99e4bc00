import { defineProblem, DiagnosticError, type Problem } from '@gateward/kernel'
import type { AuditEvent } from '../../audit/audit-event.ts'
import type { AuditLog } from '../../audit/audit-log.ts'
import type { Opening } from '../../exchange/exchange.ts'
import type { Reply } from '../../exchange/reply.ts'
import type { RequestBodySource } from '../../exchange/request-body.ts'
import type { Limiter, LimitPolicy } from '../../limiter/limiter.ts'
import type { Caller } from '../access/caller.ts'
import { mayCall } from '../access/role.ts'
import type { Sessions } from '../access/sessions.ts'
import type { EndpointId } from '../contract/endpoints.ts'
import type { AdminCall, AdminRoutes, Change, Committed, RouteAnswer, RouteRefusal } from '../routes/route.ts'
import { sendAnswer, sendJson, sendProblem } from './answer.ts'
import { authenticate } from './authenticate.ts'
import type { Endpoint, EndpointTable } from './compile-endpoints.ts'
import { findForgery } from './origin.ts'
import { readCall, type CallReading } from './read-call.ts'
import { Turns } from './turns.ts'

/** What the API is made from. */
export interface AdminApiOptions {
  readonly endpoints: EndpointTable
  readonly routes: AdminRoutes
  readonly sessions: Sessions
  readonly audit: AuditLog
  readonly limiter: Limiter
  /** Hears of what broke; the client is told only that something did. */
  readonly onFault: (requestId: string, thrown: unknown) => void
}

/** Answers the operations of the contract: who, whether they may, what they say, what would change, and only then does it. */
export class AdminApi {
  readonly #options: AdminApiOptions
  readonly #turns = new Turns()

  constructor(options: AdminApiOptions) {
    this.#options = options
  }

  async handle(opening: Opening, source: RequestBodySource, reply: Reply): Promise<void> {
    try {
      const problem = await this.#answer(opening, source, reply)
      if (problem !== undefined) sendProblem(reply, problem, opening.id)
    } catch (thrown) {
      if (thrown instanceof DiagnosticError)
        sendProblem(reply, conflict(thrown), opening.id, thrown.diagnostics)
      else {
        this.#options.onFault(opening.id, thrown)
        sendProblem(reply, defineProblem('INTERNAL_ERROR', 'something broke; the log has it'), opening.id)
      }
    }
  }

  async #answer(opening: Opening, source: RequestBodySource, reply: Reply): Promise<Problem | undefined> {
    const { method, path } = opening.request
    const wait = await this.#countRequest(opening.client.key)
    if (wait > 0) return tooMany(wait)
    const found = this.#options.endpoints.find(method, path)
    if (found === undefined) return notFound
    if (found.endpoint === undefined) return wrongMethod(found.allowed)
    const { endpoint } = found
    const caller = await authenticate(opening, this.#options.sessions)
    // No browser sends a token of its own accord, and where one is shown no cookie counts.
    const forgery = isSafe(method) || isToken(opening) ? undefined : findForgery(opening.request)
    if (forgery !== undefined) return forgery
    if (!mayCall(endpoint.definition.access, caller?.role))
      return caller === undefined ? unknownCaller : this.#forbid(endpoint, caller, opening)
    const reading = await readCall(opening, source, endpoint, found.pathParameters)
    if (reading.kind === 'refused') return reading.problem
    return this.#run(endpoint, { opening, reading, caller, reply })
  }

  async #run(endpoint: Endpoint, request: Request): Promise<Problem | undefined> {
    const { opening, reading, caller, reply } = request
    const call = {
      ...reading,
      caller,
      requestId: opening.id,
      address: opening.client.key,
      place: { host: opening.request.headers.get('host') ?? '', name: opening.request.host },
    } as unknown as AdminCall<EndpointId>
    const route = this.#options.routes[endpoint.id] as AnyRoute
    if (endpoint.definition.stream) {
      const refusal = (await route(call, reply)) as RouteRefusal | undefined
      return refusal?.problem
    }
    if (endpoint.definition.changes === undefined) {
      const answer = (await route(call)) as RouteAnswer<unknown> | RouteRefusal
      if ('problem' in answer) return answer.problem
      this.#send(reply, endpoint, answer, opening)
      return undefined
    }
    // One change at a time: nobody changes what another was told about between the comparison and the deed.
    return this.#turns.take(async () => {
      const change = (await route(call)) as Change<unknown> | RouteRefusal
      if ('problem' in change) return change.problem
      const stale = findStale(endpoint, change, reading.ifMatch)
      if (stale !== undefined) return stale
      if (reading.dryRun) this.#send(reply, endpoint, { body: change.preview }, opening, 200)
      else this.#send(reply, endpoint, await this.#commit(change, caller, opening), opening)
      return undefined
    })
  }

  async #commit(
    change: Change<unknown>,
    caller: Caller | undefined,
    opening: Opening,
  ): Promise<Committed<unknown>> {
    const { action, target, before, after, reason } = change
    if (caller === undefined) throw new Error(`nobody is there who does ${action}`)
    const event: AuditEvent = {
      actor: caller.actor,
      action,
      target,
      before,
      after,
      reason,
      outcome: 'done',
      requestId: opening.id,
    }
    let committed: Committed<unknown>
    try {
      committed = await change.commit()
    } catch (thrown) {
      await this.#options.audit.record({ ...event, outcome: 'failed' })
      throw thrown
    }
    await this.#options.audit.record({
      ...event,
      target: committed.target ?? target,
      after: committed.after ?? after,
    })
    return committed
  }

  async #forbid({ id, definition }: Endpoint, caller: Caller, opening: Opening): Promise<Problem> {
    if (definition.changes !== undefined)
      await this.#options.audit.record({
        actor: caller.actor,
        action: `admin.${id}`,
        target: '',
        outcome: 'refused',
        requestId: opening.id,
      })
    return defineProblem('FORBIDDEN', `this needs the role ${definition.access}, and yours is ${caller.role}`)
  }

  async #countRequest(address: string): Promise<number> {
    const standing = await this.#options.limiter.take(address, requestLimit, 1)
    return standing.allowed ? 0 : standing.retrySeconds
  }

  #send(
    reply: Reply,
    { definition }: Endpoint,
    { body, version, cookie }: RouteAnswer<unknown>,
    opening: Opening,
    status = definition.status ?? 200,
  ): void {
    const headers = [
      'x-request-id',
      opening.id,
      ...(version === undefined ? [] : ['etag', `"${version}"`]),
      ...(cookie === undefined ? [] : ['set-cookie', cookie]),
    ]
    if (definition.answer === undefined) sendAnswer(reply, 204, headers, undefined)
    // Exactly what the contract says leaves; more than that is a mistake of ours, and is not sent.
    else sendJson(reply, status, definition.answer.parse(body), headers)
  }
}

interface Request {
  readonly opening: Opening
  readonly reading: Extract<CallReading, { kind: 'call' }>
  readonly caller: Caller | undefined
  readonly reply: Reply
}

type AnyRoute = (call: AdminCall<EndpointId>, reply?: Reply) => unknown

const requestLimit: LimitPolicy = {
  name: 'admin-requests',
  family: 'admin-requests',
  algorithm: 'token-bucket',
  limit: 1_200,
  window: 60_000,
  burst: 300,
  period: undefined,
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

function isToken(opening: Opening): boolean {
  return opening.request.headers.has('authorization')
}

function findStale(
  { definition }: Endpoint,
  change: Change<unknown>,
  ifMatch: string | undefined,
): Problem | undefined {
  if (definition.changes?.ifMatch !== true) return undefined
  if (ifMatch === undefined) return preconditionRequired
  return ifMatch === change.version ? undefined : preconditionFailed
}

function conflict(thrown: DiagnosticError): Problem {
  const [first] = thrown.diagnostics
  return defineProblem('CONFLICT', first?.message ?? thrown.message)
}

function tooMany(seconds: number): Problem {
  return defineProblem('RATE_LIMITED', 'too many requests from this address', {
    headers: [['retry-after', String(seconds)]],
  })
}

function wrongMethod(allowed: readonly string[]): Problem {
  return defineProblem('METHOD_NOT_ALLOWED', 'the operation has another method', {
    headers: [['allow', allowed.join(', ')]],
  })
}

const notFound = defineProblem('NOT_FOUND', 'the admin API has no such path; /openapi.json has them all')
const unknownCaller = defineProblem('UNAUTHENTICATED', 'log in, or send a token', {
  headers: [['www-authenticate', 'Bearer realm="gateward-admin"']],
})
const preconditionRequired = defineProblem(
  'PRECONDITION_REQUIRED',
  'send If-Match with the ETag of the state that you saw',
)
const preconditionFailed = defineProblem(
  'PRECONDITION_FAILED',
  'it was changed since you saw it; look again and decide again',
)
