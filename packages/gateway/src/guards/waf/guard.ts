import { defineProblem } from '@gateward/kernel'
import type { WafMatch, WafTransaction, WafVerdict } from '@gateward/waf'
import { textOf } from '@gateward/waf'
import type { Exchange } from '../../exchange/exchange.ts'
import { defineGuard, pass, type Verdict } from '../guard.ts'
import { toWafHead } from './request-head.ts'
import { wafSettings, type WafGuardSettings } from './settings.ts'

/**
 * Asks the WAF's rules about requests that would be forwarded: first about the head, then about the body. The engine is
 * loaded with the configuration and shared by all operations. Its rules see the message behind validation, so what the
 * contract refuses costs no rule.
 */
export const wafGuard = defineGuard<WafGuardSettings>({
  name: 'waf',
  settings: wafSettings,
  fixed: ['rules', 'budget'],
  compile({ services: { waf }, unmatched }) {
    if (waf === undefined || unmatched) return undefined
    // One entry for each exchange between its head and its body; it goes with the exchange.
    const underWay = new WeakMap<Exchange, WafTransaction>()
    return {
      onRequest(exchange) {
        const transaction = waf.begin(toWafHead(exchange))
        const verdict = transaction.requestHeaders()
        if (verdict.kind === 'block') return toVerdict(verdict, transaction)
        if (exchange.request.hasBody) {
          underWay.set(exchange, transaction)
          return pass
        }
        return toVerdict(transaction.requestBody(noBody), transaction)
      },
      onRequestBody(exchange, body) {
        const transaction = underWay.get(exchange) ?? waf.begin(toWafHead(exchange))
        underWay.delete(exchange)
        return toVerdict(transaction.requestBody(body.toBytes()), transaction)
      },
    }
  },
})

const noBody = Buffer.alloc(0)

function toVerdict(verdict: WafVerdict, transaction: WafTransaction): Verdict {
  const { matches } = transaction
  if (verdict.kind === 'block') {
    return { kind: 'refuse', problem: defineProblem('REQUEST_BLOCKED', describe(matches, verdict.score)) }
  }
  return matches.length === 0 ? pass : { kind: 'pass', note: describe(matches, undefined) }
}

const mostTold = 5

/** The rules that matched and where; never the data that they matched, which may be anybody's. */
function describe(matches: readonly WafMatch[], score: number | undefined): string {
  const told = matches
    .slice(0, mostTold)
    .map(({ id, msg, variable }) => `rule ${id} ${toText(msg)} (${toText(variable)})`)
  const more = matches.length > mostTold ? [`and ${matches.length - mostTold} more`] : []
  return [...(score === undefined ? [] : [`score ${score}`]), ...told, ...more].join('; ').slice(0, 1_000)
}

function toText(bytes: string): string {
  return textOf(bytes as Parameters<typeof textOf>[0]).slice(0, 120)
}
