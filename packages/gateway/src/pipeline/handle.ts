import { defineProblem, type Clock, type Problem } from '@gateward/kernel'
import type { BodySchema } from '@gateward/openapi'
import type { Duplex, Readable } from 'node:stream'
import { Exchange, type Opening, type ReceivedRequest } from '../exchange/exchange.ts'
import type { Reply } from '../exchange/reply.ts'
import type { RequestBodySource } from '../exchange/request-body.ts'
import { WholeBody } from '../exchange/whole-body.ts'
import { writeLimitHeaders } from '../limiter/limit-headers.ts'
import type { Observer } from '../observe/observer.ts'
import type { Plan, Site } from '../site/site.ts'
import { AnswerReceiver } from './answer-receiver.ts'
import { ascend } from './ascend.ts'
import { boundStream } from './bound-stream.ts'
import { forward } from './forward.ts'
import { forwardUpgrade, joinTunnel } from './upgrade.ts'
import { problemAnswer } from './problem-answer.ts'
import { findRequestItems, openItemUpload } from './request-items.ts'
import { faultToProblem, thrownToProblem } from './fault.ts'
import { descend, type Turn } from './run.ts'
import { sendAnswer } from './send-answer.ts'

/** What every exchange needs of the gateway. */
export interface HandlingContext {
  /** The configuration that runs now; each exchange keeps the one it began with. */
  readonly site: () => Site
  readonly observer: Observer
  readonly clock: Clock
}

/** What a listener calls: exactly one answer for each request, and one record at its end. */
export interface Handler {
  handle(opening: Opening, body: RequestBodySource, reply: Reply): void
  /** As `handle`, for a request that asks to switch to WebSocket and brings its connection. */
  onUpgrade(opening: Opening, reply: Reply, socket: Duplex, head: Buffer): void
}

/** Makes the handler of all requests. */
export function createHandler(context: HandlingContext): Handler {
  return {
    handle: (opening, body, reply) => begin(context, opening, { kind: 'body', source: body }, reply),
    onUpgrade: (opening, reply, socket, head) =>
      begin(context, opening, { kind: 'upgrade', socket, head }, reply),
  }
}

// What throws here is a mistake of ours that no guard's own handling caught: this client is refused, and only this one.
function begin(context: HandlingContext, opening: Opening, freight: Freight, reply: Reply): void {
  try {
    new Passage(context, opening, freight, reply).begin()
  } catch (thrown) {
    const problem = thrownToProblem(thrown)
    context.observer.noticed({
      code: 'handler-broke',
      severity: 'error',
      message: `${opening.id}: ${problem.reason}`,
    })
    const { headers, body } = problemAnswer(problem, opening.id, false)
    reply.send(problem.status, headers.flat, body.kind === 'whole' ? body.bytes : undefined)
  }
}

/** What follows the head of a request: a body, or a connection that wants another protocol. */
type Freight =
  | { readonly kind: 'body'; readonly source: RequestBodySource }
  | { readonly kind: 'upgrade'; readonly socket: Duplex; readonly head: Buffer }

/** One request's whole life: down the guards, to the upstream, up the guards, out. */
class Passage {
  readonly #context: HandlingContext
  readonly #exchange: Exchange
  readonly #freight: Freight
  readonly #reply: Reply
  readonly #plan: Plan
  #call: { abort(): void } | undefined
  #receiver: AnswerReceiver | undefined

  constructor(context: HandlingContext, opening: Opening, freight: Freight, reply: Reply) {
    this.#context = context
    this.#exchange = new Exchange(opening)
    this.#freight = freight
    this.#reply = reply
    const site = context.site()
    const match = site.match(opening.request)
    this.#plan = match.plan
    this.#exchange.route = match.plan.route
    this.#exchange.pathParameters = match.pathParameters
    this.#exchange.forwardedPath = match.forwardedPath
    this.#exchange.versionField = match.versionField
    this.#exchange.configuration = site.hash
  }

  begin(): void {
    this.#reply.onClose((whole) => this.#finish(whole))
    const { defect } = this.#exchange
    if (defect === undefined) this.#askAboutRequest()
    else {
      this.#showDefect()
      this.#refuse(defect, nothingReached)
    }
  }

  /** It is refused whatever guards find: one that breaks on it changes nothing. */
  #showDefect(): void {
    for (const { guard } of this.#plan.defectSteps) {
      try {
        guard.onDefect?.(this.#exchange)
      } catch (thrown) {
        const { reason } = thrownToProblem(thrown)
        this.#context.observer.noticed({ code: 'guard-broke', severity: 'error', message: reason })
      }
    }
  }

  #askAboutRequest(): void {
    descend(this.#exchange, this.#plan.requestSteps, undefined, this.#context.clock, (turn) => {
      if (turn !== undefined) this.#turnRound(turn)
      else if (this.#plan.destination.kind === 'problem')
        this.#refuse(this.#plan.destination.problem, everythingReached)
      else this.#takeBody()
    })
  }

  #takeBody(): void {
    const { request } = this.#exchange
    const { maxRequest, deadline } = this.#plan.body
    if (this.#freight.kind === 'upgrade') {
      this.#switch(this.#freight)
      return
    }
    const { source } = this.#freight
    if (!request.hasBody) this.#forward(undefined)
    else if ((request.contentLength ?? 0) > maxRequest) this.#refuse(tooLarge, everythingReached)
    else {
      const isAsked = this.#plan.requestBodySteps.length > 0
      const item = isAsked ? findRequestItems(this.#plan, request) : undefined
      if (item !== undefined) void this.#askAboutItems(item, source)
      else if (!isAsked && !isSmall(request)) this.#forward(toStream(request, source, maxRequest))
      else {
        source.readWhole(maxRequest, deadline, (problem, bytes) => {
          if (problem !== undefined) this.#refuse(problem, everythingReached)
          else if (isAsked) this.#askAboutBody(bytes)
          else this.#forward(bytes)
        })
      }
    }
  }

  #askAboutBody(bytes: Buffer): void {
    const exchange = this.#exchange
    const body = new WholeBody(bytes, exchange.request.headers.get('content-type'), this.#plan.body.json)
    exchange.body = body
    descend(exchange, this.#plan.requestBodySteps, body, this.#context.clock, (turn) => {
      if (turn === undefined) this.#forward(body.toBytes())
      else this.#turnRound(turn)
    })
  }

  async #askAboutItems(item: BodySchema, source: RequestBodySource): Promise<void> {
    const [exchange, plan, { clock }] = [this.#exchange, this.#plan, this.#context]
    try {
      const body = await openItemUpload({ exchange, plan, item, stream: source.stream, clock })
      if (body === undefined) this.#askAboutBody(noBytes)
      else this.#forward(body, true)
    } catch (thrown) {
      this.#refuse(thrownToProblem(thrown), everythingReached)
    }
  }

  #forward(body: Buffer | Readable | undefined, isRewritten = false): void {
    // The client may have gone while a guard waited; then nothing may reach the upstream.
    if (this.#reply.closed || this.#plan.destination.kind !== 'upstream') return
    const receiver = new AnswerReceiver(this.#exchange, this.#plan, this.#reply, this.#context.clock, {
      ready: () => this.#ascend(everythingReached),
      broken: (problem) => this.#refuse(problem, everythingReached),
      askElsewhere: () => this.#askElsewhere(),
    })
    this.#exchange.forwardedTick = this.#context.clock.tick()
    const { destination, wholeAnswer } = this.#plan
    const call = forward(this.#exchange, destination, wholeAnswer, body, isRewritten, receiver)
    receiver.source.call = call
    this.#call = call
    this.#receiver = receiver
  }

  #askElsewhere(): boolean {
    const path = this.#exchange.otherPaths?.shift()
    if (path === undefined || this.#reply.closed) return false
    this.#call?.abort()
    this.#exchange.forwardedPath = path
    this.#forward(undefined)
    return true
  }

  #switch(freight: Extract<Freight, { kind: 'upgrade' }>): void {
    if (this.#reply.closed || this.#plan.destination.kind !== 'upstream') return
    const exchange = this.#exchange
    exchange.forwardedTick = this.#context.clock.tick()
    const { tunnelBounds } = this.#plan.destination.upstream
    this.#call = forwardUpgrade(exchange, this.#plan.destination, {
      switched: (headers, tunnel) => {
        exchange.answeredTick = this.#context.clock.tick()
        exchange.answer = { status: 101, headers, body: { kind: 'none' }, source: 'upstream' }
        ascend(exchange, this.#plan, everythingReached, this.#context.clock, () => {
          if (exchange.problem === undefined) joinTunnel(headers, freight, tunnel, tunnelBounds)
          else {
            tunnel.destroy()
            sendAnswer(exchange, this.#reply)
          }
        })
      },
      declined: (status) => this.#refuse(declined(status), everythingReached),
      fault: (fault) => this.#refuse(faultToProblem(fault), everythingReached),
    })
  }

  #turnRound(turn: Turn): void {
    if (turn.verdict.kind === 'refuse') {
      this.#refuse(turn.verdict.problem, turn.step.place)
      return
    }
    this.#exchange.answer = turn.verdict.answer
    this.#ascend(turn.step.place)
  }

  #refuse(problem: Problem, reached: number): void {
    this.#exchange.problem = problem
    this.#exchange.answer = problemAnswer(problem, this.#exchange.id, this.#plan.showPointers)
    this.#ascend(reached)
  }

  #ascend(reached: number): void {
    ascend(this.#exchange, this.#plan, reached, this.#context.clock, () => {
      writeLimitHeaders(this.#exchange)
      if (this.#exchange.answer?.body.kind === 'stream') this.#receiver?.stream()
      else {
        this.#receiver?.discard()
        sendAnswer(this.#exchange, this.#reply)
      }
    })
  }

  #finish(whole: boolean): void {
    if (!whole) this.#call?.abort()
    if (this.#exchange.span !== undefined) this.#exchange.target = this.#receiver?.source.call?.target
    this.#exchange.end()
    this.#context.observer.exchangeFinished(this.#exchange, { whole, bytesSent: this.#reply.bytesSent })
  }
}

// A small body goes on in one piece with its head, which costs less than to let it flow; a coded one stays as it is.
function isSmall({ contentLength, headers }: ReceivedRequest): boolean {
  return contentLength !== undefined && contentLength <= smallBody && !headers.has('content-encoding')
}

/** Bytes. */
const smallBody = 16_384

function toStream({ contentLength }: ReceivedRequest, source: RequestBodySource, maximum: number): Readable {
  return contentLength === undefined ? boundStream(source.stream, maximum) : source.stream
}

const noBytes = Buffer.alloc(0)

const nothingReached = -1
const everythingReached = Number.MAX_SAFE_INTEGER

const tooLarge = defineProblem(
  'PAYLOAD_TOO_LARGE',
  'the declared Content-Length is over the limit of the operation',
)

function declined(status: number): Problem {
  return defineProblem('UPGRADE_REFUSED', `the service answered the upgrade with ${status}`)
}
