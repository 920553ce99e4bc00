import type { Waf } from '@gateward/waf'
import type { AnsweredExchange, Exchange } from '../../exchange/exchange.ts'
import { isJsonLines } from '../../exchange/json-lines.ts'
import { defineGuard, pass, type Guard } from '../guard.ts'
import { Inspection, type InspectionSubject } from './inspection.ts'
import { openRuleLog } from './logs/rule-log.ts'
import { compileOperationPolicy } from './operation-policy.ts'
import { wafExtension, wafSettings, type WafGuardSettings } from './settings.ts'

/**
 * Asks the WAF's rules about requests that would be forwarded, and about their answers: phases 1 and 2 on the way to the
 * service, 3 and 4 on the way back where the rules have any, 5 after the last byte. The engine is loaded with the
 * configuration and shared by all operations. Its rules see the message behind validation, so what the contract refuses costs
 * no rule.
 */
export const wafGuard = defineGuard<WafGuardSettings>({
  name: 'waf',
  settings: wafSettings,
  extension: { waf: wafExtension },
  fixed: ['rules', 'budget', 'logs'],
  namesOperations: ({ exclusions }) => exclusions.flatMap(({ operations }) => operations),
  compile(input) {
    const { waf } = input.services
    if (waf === undefined) return undefined
    const { settings, services } = input
    const policy = input.unmatched ? undefined : compileOperationPolicy(waf, input)
    const log = openRuleLog(settings.logs, services.logFiles, (diagnostic) => input.report(diagnostic))
    const subject: InspectionSubject = {
      waf,
      policy,
      log,
      enforces: settings.mode === 'enforce',
      clock: services.clock,
    }
    const defects: Guard =
      settings.malformed === 'inspect'
        ? { onDefect: (exchange) => new Inspection(subject, exchange).observe() }
        : {}
    // What matches nothing is answered 404 by all gateways alike: rules about it would only cost.
    return input.unmatched ? defects : { ...defects, ...askAboutRequests(subject), ...askAboutAnswers(waf) }
  },
})

/**
 * The exchange itself carries its inspection. A `WeakMap` would do as well, but for this: what it holds for an exchange that has ended
 * outlives every collection of the young generation until the old one is collected too.
 */
function inspectionOf({ rules }: Exchange): Inspection | undefined {
  return rules instanceof Inspection ? rules : undefined
}

function askAboutRequests(subject: InspectionSubject): Guard {
  return {
    onRequest(exchange) {
      const inspection = new Inspection(subject, exchange)
      const verdict = inspection.requestHead()
      if (verdict.kind !== 'pass' || exchange.request.hasBody) return verdict
      return inspection.requestBody(noBody)
    },
    onRequestBody: (exchange, body) => {
      const inspection = inspectionOf(exchange)
      if (inspection === undefined) return pass
      return isJsonLines(body.contentType)
        ? inspection.requestLines(body)
        : inspection.requestBody(body.toBytes())
    },
    onRequestItems: (exchange) => inspectionOf(exchange)?.requestItems(),
  }
}

/** Nothing where no rule asks about answers, so that answers which nobody looks at stay streams. */
function askAboutAnswers(waf: Waf): Guard {
  if (!waf.hasRules(3) && !waf.hasRules(4)) return {}
  const onResponse = (exchange: AnsweredExchange) => inspectionOf(exchange)?.responseHead() ?? pass
  if (!waf.hasRules(4)) return { onResponse }
  return {
    onResponse,
    onResponseBody: (exchange, body) => inspectionOf(exchange)?.responseBody(body.toBytes()) ?? pass,
    answerTypes: waf.responseBodyTypes,
  }
}

const noBody = Buffer.alloc(0)
