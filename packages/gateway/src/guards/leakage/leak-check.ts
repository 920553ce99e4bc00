import type { AnsweredExchange } from '../../exchange/exchange.ts'
import type { WholeBody } from '../../exchange/whole-body.ts'
import { pass, type Verdict } from '../guard.ts'
import { compileLeakFinder, type Leak, type LeakFinder } from './find-leaks.ts'
import type { LeakKind } from './leak-signs.ts'
import type { LeakageSettings } from './settings.ts'
import { excerpt, genericProblem } from './upstream-failure.ts'

type LeakActions = LeakageSettings['inErrors']

/** Looks an answer through for what it may not show at its status. */
export type LeakCheck = (exchange: AnsweredExchange, body: WholeBody) => Verdict

/** Compiles the search for leaks, with one set of signs for errors and one for all else; once for the same settings. */
export function compileLeakCheck(settings: LeakageSettings): LeakCheck {
  const known = leakChecks.get(settings)
  if (known !== undefined) return known
  const check = makeLeakCheck(settings)
  leakChecks.set(settings, check)
  return check
}

// The search is half a megabyte, and thousands of operations share their settings.
const leakChecks = new WeakMap<LeakageSettings, LeakCheck>()

function makeLeakCheck(settings: LeakageSettings): LeakCheck {
  const inErrors = compileSearch(settings.inErrors, settings.scan)
  const inSuccesses = compileSearch(settings.inSuccesses, settings.scan)
  return (exchange, body) => {
    const search = exchange.answer.status >= 400 ? inErrors : inSuccesses
    const bytes = body.toBytes()
    const leaks = search.find?.(bytes) ?? []
    if (leaks.length === 0) return pass
    const blocked = leaks.find((leak) => search.actions[leak.kind] === 'block')
    if (blocked === undefined) return { kind: 'pass', note: describe(leaks) }
    const reason = `${describe(leaks)}: ${excerpt(bytes, blocked.at)}`
    return { kind: 'refuse', problem: genericProblem(exchange, reason) }
  }
}

interface Search {
  readonly actions: LeakActions
  readonly find: LeakFinder | undefined
}

function compileSearch(actions: LeakActions, scan: number): Search {
  const kinds = (Object.keys(actions) as LeakKind[]).filter((kind) => actions[kind] !== 'off')
  return { actions, find: compileLeakFinder(new Set(kinds), scan) }
}

function describe(leaks: readonly Leak[]): string {
  return `the answer shows ${leaks.map(({ kind, at }) => `${names[kind]} at byte ${at}`).join(', ')}`
}

const names: Readonly<Record<LeakKind, string>> = {
  stackTraces: 'a stack trace',
  sqlErrors: 'a database error',
  privateKeys: 'a private key',
  secrets: 'a secret',
  paths: 'a file path',
  addresses: 'an internal address',
}
