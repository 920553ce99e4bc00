import { defineProblem, type Clock, type Problem } from '@gateward/kernel'
import type { Readable } from 'node:stream'
import { Exchange, type Opening } from '../exchange/exchange.ts'
import type { Reply } from '../exchange/reply.ts'
import type { RequestBodySource } from '../exchange/request-body.ts'
import { WholeBody } from '../exchange/whole-body.ts'
import type { Observer } from '../observe/observer.ts'
import type { Plan, Site } from '../site/site.ts'
import type { UpstreamCall } from '../upstream/upstream.ts'
import { AnswerReceiver } from './answer-receiver.ts'
import { ascend } from './ascend.ts'
import { boundStream } from './bound-stream.ts'
import { forward } from './forward.ts'
import { problemAnswer } from './problem-answer.ts'
import { descend, type Turn } from './run.ts'
import { sendAnswer } from './send-answer.ts'

/** What every exchange needs of the gateway. */
export interface HandlingContext {
  /** The configuration that runs now; each exchange keeps the one it began with. */
  readonly site: () => Site
  readonly observer: Observer
  readonly clock: Clock
}

/** Handles requests as the listener hands them over: exactly one answer each, and one record at its end. */
export function createHandler(
  context: HandlingContext,
): (opening: Opening, body: RequestBodySource, reply: Reply) => void {
  return (opening, body, reply) => new Passage(context, opening, body, reply).begin()
}

/** One request's whole life: down the guards, to the upstream, up the guards, out. */
class Passage {
  readonly #context: HandlingContext
  readonly #exchange: Exchange
  readonly #source: RequestBodySource
  readonly #reply: Reply
  readonly #plan: Plan
  #call: UpstreamCall | undefined

  constructor(context: HandlingContext, opening: Opening, source: RequestBodySource, reply: Reply) {
    this.#context = context
    this.#exchange = new Exchange(opening)
    this.#source = source
    this.#reply = reply
    const site = context.site()
    const { method, host, path } = opening.request
    const match = site.match(method, host, path)
    this.#plan = match.plan
    this.#exchange.route = match.plan.route
    this.#exchange.pathParameters = match.pathParameters
    this.#exchange.configuration = site.hash
  }

  begin(): void {
    this.#reply.onClose((whole) => this.#finish(whole))
    const { defect } = this.#exchange
    if (defect === undefined) this.#askAboutRequest()
    else this.#refuse(defect, nothingReached)
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
    if (!request.hasBody) this.#forward(undefined)
    else if ((request.contentLength ?? 0) > maxRequest) this.#refuse(tooLarge, everythingReached)
    else if (this.#plan.requestBodySteps.length === 0)
      this.#forward(boundStream(this.#source.stream, maxRequest))
    else {
      this.#source.readWhole(maxRequest, deadline, (problem, bytes) => {
        if (problem === undefined) this.#askAboutBody(bytes)
        else this.#refuse(problem, everythingReached)
      })
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

  #forward(body: Buffer | Readable | undefined): void {
    // The client may have gone while a guard waited; then nothing may reach the upstream.
    if (this.#reply.closed || this.#plan.destination.kind !== 'upstream') return
    const receiver = new AnswerReceiver(this.#exchange, this.#plan, this.#reply, this.#context.clock, {
      ready: () => this.#ascend(everythingReached),
      broken: (problem) => this.#refuse(problem, everythingReached),
    })
    this.#exchange.forwardedTick = this.#context.clock.tick()
    this.#call = forward(this.#exchange, this.#plan.destination, this.#plan.wholeAnswer, body, receiver)
    receiver.call = this.#call
    this.#receiver = receiver
  }

  #receiver: AnswerReceiver | undefined

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
      if (this.#exchange.answer?.body.kind === 'stream') this.#receiver?.stream()
      else sendAnswer(this.#exchange, this.#reply)
    })
  }

  #finish(whole: boolean): void {
    if (!whole) this.#call?.abort()
    for (const callback of this.#exchange.atEnd) callback()
    this.#context.observer.exchangeFinished(this.#exchange, { whole, bytesSent: this.#reply.bytesSent })
  }
}

const nothingReached = -1
const everythingReached = Number.MAX_SAFE_INTEGER

const tooLarge = defineProblem(
  'PAYLOAD_TOO_LARGE',
  'the declared Content-Length is over the limit of the operation',
)
