import { defineProblem, type Problem } from '@gateward/kernel'
import type { Exchange } from '../../exchange/exchange.ts'
import type { CompiledPlan } from '../../versions/plan.ts'
import type { PlanState } from '../../versions/timeline.ts'
import { pass, type Verdict } from '../guard.ts'

/** Decides by a plan about requests to one operation. */
export class PlanCheck {
  readonly #name: string
  readonly #plan: CompiledPlan
  readonly #retired: Problem
  readonly #readOnly: Problem
  // The note of a state is the same for every request within it.
  readonly #passes = new Map<PlanState, Verdict>()

  /** @param pathMethods what the contract offers at the path; `undefined` without a contract or such a path */
  constructor(name: string, plan: CompiledPlan, pathMethods: readonly string[] | undefined) {
    this.#name = name
    this.#plan = plan
    const why = plan.finding === undefined ? '' : ` for ${plan.finding}`
    this.#retired = defineProblem('VERSION_RETIRED', `${name} has retired${why}: ${plan.reason}`)
    this.#readOnly = defineProblem('VERSION_READ_ONLY', `${name} is read-only${why}: ${plan.reason}`, {
      headers: [['allow', safeMethodsOf(pathMethods).join(', ')]],
    })
  }

  /** Refuses at once, unless some consumer may still go on: then it waits until the caller is known. */
  beforeAuthentication(exchange: Exchange): Verdict {
    const { startedAt } = exchange
    const state = this.#plan.timeline.at(startedAt)
    const isRefused = refuses(state, exchange.request.method)
    if (isRefused && startedAt >= this.#plan.exceptionsUntil) return this.#refuse(state, startedAt)
    let verdict = this.#passes.get(state)
    if (verdict === undefined) {
      verdict = { kind: 'pass', note: this.#standing(state, startedAt) }
      this.#passes.set(state, verdict)
    }
    return verdict
  }

  afterAuthentication(exchange: Exchange): Verdict {
    const { startedAt, principal } = exchange
    const state = this.#plan.timeline.at(startedAt)
    if (!refuses(state, exchange.request.method)) return pass
    const exception = principal.kind === 'known' ? this.#plan.exceptions.get(principal.consumer) : undefined
    if (exception === undefined || startedAt >= exception.endsAt) return this.#refuse(state, startedAt)
    const until = toDay(exception.endsAt - 1)
    return { kind: 'pass', note: `exception of ${exception.owner} for ${exception.consumer} until ${until}` }
  }

  #refuse(state: PlanState, now: number): Verdict {
    if (state.stage === 'retired') return { kind: 'refuse', problem: this.#retired }
    if (!state.paused) return { kind: 'refuse', problem: this.#readOnly }
    const back = Math.max(1, Math.ceil((state.until - now) / 1_000))
    const reason = `${this.#name} is paused until ${new Date(state.until).toISOString()}: ${this.#plan.reason}`
    const headers = [['retry-after', String(back)]] as const
    return { kind: 'refuse', problem: defineProblem('VERSION_PAUSED', reason, { headers }) }
  }

  #standing(state: PlanState, now: number): string {
    const next = this.#plan.timeline.next(now)
    const stage = state.paused ? 'paused' : state.stage
    return `${this.#name} ${stage}${next === undefined ? '' : `, ${next.stage} on ${toDay(next.at)}`}`
  }
}

function refuses(state: PlanState, method: string): boolean {
  if (state.refuses === 'nothing') return false
  return state.refuses === 'everything' || !safeMethods.has(method)
}

/** Methods that change nothing (RFC 9110 section 9.2.1). */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY'])

function safeMethodsOf(offered: readonly string[] | undefined): readonly string[] {
  if (offered === undefined) return ['GET', 'HEAD', 'OPTIONS']
  const safe = offered.filter((method) => safeMethods.has(method))
  return [...new Set([...safe, ...(safe.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])]
}

function toDay(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10)
}
