import { defineProblem, type Problem } from '@gateward/kernel'
import type { AnsweredExchange, Exchange } from '../../exchange/exchange.ts'
import type { LimitStanding } from '../../exchange/limit-standing.ts'
import { countRules, type CountingRule, type Tally } from '../../limiter/count-rules.ts'
import { retryAfter } from '../../limiter/limit-headers.ts'
import type { Limiter, LimitPolicy } from '../../limiter/limiter.ts'
import { pass, type Awaitable, type Guard, type GuardInput, type Verdict } from '../guard.ts'
import { compileFailurePolicy, compileRates, compileSlots, type SlotRule } from './compile-rules.ts'
import type { FloodSettings } from './settings.ts'

/** Limits by address, and by what else can be seen of a request before its caller is known. */
export class FloodGuard implements Guard {
  readonly #limiter: Limiter
  readonly #slots: readonly SlotRule[]
  readonly #rates: readonly CountingRule[]
  readonly #failures: LimitPolicy | undefined
  readonly #advertise: boolean

  constructor(input: GuardInput<FloodSettings>) {
    this.#limiter = input.services.limiter
    this.#slots = compileSlots(input)
    this.#rates = compileRates(input)
    this.#failures = compileFailurePolicy(input.settings)
    this.#advertise = input.settings.advertise
  }

  onRequest(exchange: Exchange): Awaitable<Verdict> {
    const penalty = this.#failures === undefined ? undefined : this.#count(exchange, this.#failures, 0)
    if (penalty instanceof Promise) return penalty.then((standing) => this.#afterPenalty(exchange, standing))
    return this.#afterPenalty(exchange, penalty)
  }

  /** Counts who fails to say who they are; the count is asked before the next try. */
  onResponse(exchange: AnsweredExchange): Awaitable<Verdict> {
    if (exchange.answer.status !== 401 || this.#failures === undefined) return pass
    const counted = this.#count(exchange, this.#failures, 1)
    return counted instanceof Promise ? counted.then(() => pass) : pass
  }

  #count(exchange: Exchange, policy: LimitPolicy, cost: number): Awaitable<LimitStanding> {
    return this.#limiter.take(`address=${exchange.client.key}`, policy, cost)
  }

  #afterPenalty(exchange: Exchange, standing: LimitStanding | undefined): Awaitable<Verdict> {
    if (standing?.allowed === false)
      return this.#refuse(exchange, standing, 'too many failures to authenticate from this address')
    const full = this.#enterSlots(exchange)
    if (full !== undefined) return { kind: 'refuse', problem: full.problem }
    const tally = countRules(this.#limiter, exchange, this.#rates, 1, { standings: [], refused: undefined })
    return tally instanceof Promise
      ? tally.then((counted) => this.#judge(exchange, counted))
      : this.#judge(exchange, tally)
  }

  /** Takes the slots of every rule until one has none free; those taken are given back at the exchange's end. */
  #enterSlots(exchange: Exchange): SlotRule | undefined {
    for (const rule of this.#slots) {
      const leave = this.#limiter.enter(rule.keyOf(exchange), rule.limit)
      if (leave === undefined) return rule
      exchange.onEnd(leave)
    }
    return undefined
  }

  #judge(exchange: Exchange, tally: Tally): Verdict {
    if (tally.refused !== undefined)
      return this.#refuse(exchange, tally.refused, `the limit ${tally.refused.policy} is used up`)
    if (this.#advertise) exchange.limits.push(...tally.standings)
    const first = tally.standings[0]
    return first === undefined ? pass : { kind: 'pass', note: `${first.remaining}/${first.limit}` }
  }

  #refuse(exchange: Exchange, standing: LimitStanding, reason: string): Verdict {
    exchange.limits.push(standing)
    return { kind: 'refuse', problem: toProblem(standing, reason) }
  }
}

function toProblem(standing: LimitStanding, reason: string): Problem {
  return defineProblem('RATE_LIMITED', reason, { headers: [['retry-after', retryAfter(standing)]] })
}
