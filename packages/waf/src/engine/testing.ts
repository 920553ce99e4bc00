import { type Diagnostic, atOnce, formatDiagnostics } from '@gateward/kernel'
import { parseRules } from '../1-parse/parse-rules.ts'
import { compileRules } from '../3-compile/compile-rules.ts'
import type { RuleSet } from '../3-compile/compile-rules.ts'
import type { ByteString } from '../language/bytes.ts'
import type { WafVerdict } from './match.ts'
import type { WafRequestHead } from './request-head.ts'
import type { WafTransaction } from './transaction.ts'
import type { WafSettings } from './waf.ts'
import { Waf } from './waf.ts'

/** A request for tests: everything that is not said is as plain as can be. */
export interface TestRequest {
  readonly method?: string
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** The rule set of a text without data files; its mistakes fail the test. */
export function ruleSetOf(rules: string): RuleSet {
  const { ruleSet, diagnostics } = compileText(rules)
  if (ruleSet === undefined) throw new Error(formatDiagnostics(diagnostics))
  return ruleSet
}

/** What compiling a text gives. */
export function compileText(rules: string): {
  readonly ruleSet: RuleSet | undefined
  readonly diagnostics: readonly Diagnostic[]
} {
  const parsed = parseRules(rules, 'test.conf')
  const compiling = compileRules(parsed.statements, {
    directoryOf: () => import.meta.dirname,
    readData: () => '' as ByteString,
  })
  const compiled = atOnce(compiling)
  return { ...compiled, diagnostics: [...parsed.diagnostics, ...compiled.diagnostics] }
}

/** An engine with the rules of a text. */
export function wafOf(rules: string, settings?: WafSettings): Waf {
  return new Waf(ruleSetOf(rules), settings)
}

/** The head of a test's request. */
export function headOf(request: TestRequest): WafRequestHead {
  return {
    method: request.method ?? 'GET',
    target: request.target ?? '/',
    protocol: 'HTTP/1.1',
    headers: Object.entries(request.headers ?? {}),
    clientAddress: '192.0.2.1',
    id: 'test-1',
  }
}

/** Runs one request through all phases: what was matched, in order, and the last verdict. */
export function ask(
  waf: Waf,
  request: TestRequest = {},
): { readonly ids: readonly number[]; readonly verdict: WafVerdict; readonly transaction: WafTransaction } {
  const transaction = waf.begin(headOf(request))
  transaction.requestHeaders()
  transaction.requestBody(Buffer.from(request.body ?? '', 'latin1'))
  transaction.responseHeaders({
    status: 200,
    protocol: 'HTTP/1.1',
    headers: [['Content-Type', 'text/plain']],
  })
  transaction.responseBody(Buffer.from('hello'))
  transaction.logging()
  return { ids: transaction.matches.map(({ id }) => id), verdict: transaction.verdict, transaction }
}
