import type { AnsweredExchange } from '../../exchange/exchange.ts'
import type { WholeBody } from '../../exchange/whole-body.ts'
import { defineGuard, pass, type Guard, type GuardInput, type Verdict } from '../guard.ts'
import { compileLeakCheck, type LeakCheck } from './leak-check.ts'
import { compileProjection, compileStreamCheck, type Projection } from './projection.ts'
import { visitItems } from './visit-items.ts'
import { leakageSettings, type LeakageSettings } from './settings.ts'
import { upstreamFailure } from './upstream-failure.ts'

/**
 * Lets out of a service's answers what the contract declares for this caller, and nothing of its inside: no stack
 * trace, no database's message, no path, secret or internal address.
 */
export const leakageGuard = defineGuard<LeakageSettings>({
  name: 'leakage',
  settings: leakageSettings,
  compile,
})

function compile({ unmatched, operation, settings }: GuardInput<LeakageSettings>): Guard | undefined {
  if (unmatched) return undefined
  // Shadow lets everything pass as it came, so there stripping is only told.
  const undeclared =
    settings.mode === 'shadow' && settings.undeclared === 'strip' ? 'report' : settings.undeclared
  const project = operation === undefined ? undefined : compileProjection(operation, undeclared)
  const checkStream = operation === undefined ? undefined : compileStreamCheck(operation, undeclared)
  const check = compileLeakCheck(settings)
  return {
    onResponse: (exchange) => refuseFailure(exchange, settings.failures) ?? checkStream?.(exchange) ?? pass,
    onResponseBody: (exchange, body) => decide(exchange, body, project, check),
    onResponseItems: (exchange, item) => visitItems(exchange, item, undeclared, check, settings.scan),
  }
}

function refuseFailure(
  exchange: AnsweredExchange,
  failures: LeakageSettings['failures'],
): Verdict | undefined {
  const { answer } = exchange
  if (answer.source !== 'upstream' || answer.status < 500) return undefined
  if (failures === 'replace') return { kind: 'refuse', problem: upstreamFailure(exchange) }
  return { kind: 'pass', note: `the service answered ${answer.status}` }
}

// Stripped first: a trace in a property that nobody declared is gone then, and no reason to fail the whole answer.
function decide(
  exchange: AnsweredExchange,
  body: WholeBody,
  project: Projection | undefined,
  check: LeakCheck,
): Verdict {
  const projected = project?.(exchange, body) ?? pass
  if (projected.kind !== 'pass') return projected
  const checked = check(exchange, body)
  if (checked.kind !== 'pass' || checked.note === undefined)
    return checked.kind === 'pass' ? projected : checked
  return { kind: 'pass', note: [projected.note, checked.note].filter(Boolean).join('; ') }
}
