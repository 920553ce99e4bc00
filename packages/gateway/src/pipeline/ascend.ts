import type { Clock } from '@gateward/kernel'
import type { Answer } from '../exchange/answer.ts'
import type { Exchange } from '../exchange/exchange.ts'
import { WholeBody } from '../exchange/whole-body.ts'
import type { Plan, Step } from '../site/site.ts'
import { problemAnswer } from './problem-answer.ts'
import { ask, type Turn } from './run.ts'

/**
 * Leads `exchange.answer` up through the guards that the request reached (`place` of the last one), innermost first,
 * and through those that only ever act on answers. A refusal on the way replaces the answer, and the way goes on.
 */
export function ascend(
  exchange: Exchange,
  plan: Plan,
  reached: number,
  clock: Clock,
  done: () => void,
): void {
  exchange.decidedTick = clock.tick()
  new Ascent(exchange, plan, reached, clock, done).climb(0)
}

class Ascent {
  readonly #exchange: Exchange
  readonly #plan: Plan
  readonly #reached: number
  readonly #clock: Clock
  readonly #done: () => void
  #body: WholeBody | undefined

  constructor(exchange: Exchange, plan: Plan, reached: number, clock: Clock, done: () => void) {
    this.#exchange = exchange
    this.#plan = plan
    this.#reached = reached
    this.#clock = clock
    this.#done = done
    this.#body = wholeUpstreamBody(exchange.answer, plan)
  }

  climb(from: number): void {
    const steps = this.#plan.responseSteps
    for (let index = from; index < steps.length; index++) {
      const step = steps[index] as Step
      if (step.place > this.#reached && !actsOnAnswersOnly(step)) continue
      const waiting = this.#ask(step)
      if (waiting === undefined) continue
      void waiting.then(() => this.climb(index + 1))
      return
    }
    this.#arrive()
  }

  #ask(step: Step): Promise<void> | undefined {
    if (step.guard.onResponse !== undefined) {
      const turn = ask(this.#exchange, step, 'response', undefined, this.#clock)
      if (turn instanceof Promise) return turn.then((settled) => this.#afterHead(step, settled))
      return this.#afterHead(step, turn)
    }
    return this.#afterHead(step, undefined)
  }

  #afterHead(step: Step, turn: Turn | undefined): Promise<void> | undefined {
    this.#carryOut(turn)
    if (this.#body === undefined || step.guard.onResponseBody === undefined) return undefined
    const outcome = ask(this.#exchange, step, 'response-body', this.#body, this.#clock)
    if (outcome instanceof Promise) return outcome.then((settled) => this.#carryOut(settled))
    this.#carryOut(outcome)
    return undefined
  }

  #carryOut(turn: Turn | undefined): void {
    if (turn === undefined) return
    const exchange = this.#exchange
    this.#body = undefined
    if (turn.verdict.kind === 'answer') {
      exchange.answer = turn.verdict.answer
      return
    }
    exchange.problem = turn.verdict.problem
    exchange.answer = problemAnswer(turn.verdict.problem, exchange.id, this.#plan.showPointers)
  }

  #arrive(): void {
    const { answer } = this.#exchange
    if (this.#body !== undefined && answer !== undefined)
      answer.body = { kind: 'whole', bytes: this.#body.toBytes() }
    this.#done()
  }
}

function actsOnAnswersOnly(step: Step): boolean {
  return step.guard.onRequest === undefined && step.guard.onRequestBody === undefined
}

function wholeUpstreamBody(answer: Answer | undefined, plan: Plan): WholeBody | undefined {
  if (answer === undefined || answer.source !== 'upstream' || answer.body.kind !== 'whole') return undefined
  return new WholeBody(answer.body.bytes, answer.headers.get('content-type'), plan.answerJson)
}
