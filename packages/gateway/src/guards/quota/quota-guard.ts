import { defineProblem, type Problem } from '@gateward/kernel'
import type { Exchange } from '../../exchange/exchange.ts'
import type { LimitStanding } from '../../exchange/limit-standing.ts'
import { countRules, type CountingRule, type Tally } from '../../limiter/count-rules.ts'
import { compileKey } from '../../limiter/dimension.ts'
import { retryAfter } from '../../limiter/limit-headers.ts'
import type { Limiter } from '../../limiter/limiter.ts'
import type { Tier } from '../../limiter/tiers.ts'
import { pass, type Awaitable, type Guard, type GuardInput, type Verdict } from '../guard.ts'
import { compileRules, type ConcurrencyRule } from './compile-rules.ts'
import { operationCost, reportUnpayable } from './operation-cost.ts'
import type { QuotaSettings } from './settings.ts'
import { TierFinder } from './tier-finder.ts'

/** Limits by consumer, key, tier, operation, API and address; anonymous callers count by their address. */
export class QuotaGuard implements Guard {
  readonly #limiter: Limiter
  readonly #tiers: TierFinder
  readonly #rules: readonly CountingRule[]
  readonly #concurrency: readonly ConcurrencyRule[]
  readonly #cost: number

  constructor(input: GuardInput<QuotaSettings>) {
    this.#limiter = input.services.limiter
    this.#tiers = new TierFinder(input)
    this.#cost = operationCost(input)
    const { rates, concurrency, policies } = compileRules(input)
    reportUnpayable(this.#cost, policies, input)
    const ofTier: CountingRule = {
      keyOf: consumerKey,
      policiesOf: (exchange) => this.#tiers.find(exchange)?.policies ?? noPolicies,
    }
    this.#rules = this.#cost === 0 ? [] : [ofTier, ...rates]
    this.#concurrency = concurrency
  }

  onRequest(exchange: Exchange): Awaitable<Verdict> {
    const full = this.#enterSlots(exchange, this.#tiers.find(exchange))
    if (full !== undefined) return { kind: 'refuse', problem: tooMany(full) }
    const empty: Tally = { standings: exchange.limits, refused: undefined }
    const tally = countRules(this.#limiter, exchange, this.#rules, this.#cost, empty)
    return tally instanceof Promise ? tally.then((counted) => judge(counted)) : judge(tally)
  }

  /** Takes a slot of each cap; the number of the cap that is reached, or `undefined`. */
  #enterSlots(exchange: Exchange, tier: Tier | undefined): number | undefined {
    const cap = tier?.concurrency
    if (cap !== undefined && !this.#enter(exchange, `tier ${tier?.name} ${consumerKey(exchange)}`, cap))
      return cap
    for (const rule of this.#concurrency)
      if (!this.#enter(exchange, rule.keyOf(exchange), rule.limit)) return rule.limit
    return undefined
  }

  #enter(exchange: Exchange, key: string, limit: number): boolean {
    const leave = this.#limiter.enter(key, limit)
    if (leave !== undefined) exchange.onEnd(leave)
    return leave !== undefined
  }
}

const consumerKey = compileKey(['consumer'])
const noPolicies: readonly never[] = []

function judge({ refused, standings }: Tally): Verdict {
  if (refused !== undefined) return { kind: 'refuse', problem: usedUp(refused) }
  const last = standings.at(-1)
  return last === undefined ? pass : { kind: 'pass', note: `${last.remaining}/${last.limit}` }
}

const secondsOfADay = 86_400

function usedUp(standing: LimitStanding): Problem {
  const code = standing.window >= secondsOfADay ? 'QUOTA_EXCEEDED' : 'RATE_LIMITED'
  return defineProblem(code, `the limit ${standing.policy} of ${standing.limit} is used up`, {
    headers: [['retry-after', retryAfter(standing)]],
  })
}

function tooMany(limit: number): Problem {
  return defineProblem('CONCURRENCY_EXCEEDED', `${limit} requests are under way already`, {
    headers: [['retry-after', '1']],
  })
}
