import type { BodySchema } from '@gateward/openapi'
import type { AnsweredExchange } from '../../exchange/exchange.ts'
import { WholeBody } from '../../exchange/whole-body.ts'
import type { ItemVisitor } from '../guard.ts'
import type { LeakCheck } from './leak-check.ts'
import { projectValue, scopesOf } from './projection.ts'
import type { LeakageSettings } from './settings.ts'

/** Leaves of each item what the contract declares for this caller, and looks through the first `scan` bytes for leaks. */
export function visitItems(
  exchange: AnsweredExchange,
  schema: BodySchema,
  action: LeakageSettings['undeclared'],
  check: LeakCheck,
  scan: number,
): ItemVisitor {
  const scopes = scopesOf(exchange)
  let note: string | undefined
  let seen = 0
  return {
    visit: (item) => {
      const projected = projectValue(item, schema, scopes, action)
      if (projected.verdict.kind === 'refuse') return projected.verdict
      if (projected.verdict.kind === 'pass') note ??= projected.verdict.note
      if (seen >= scan) return { kind: 'item', value: projected.value }
      const bytes = Buffer.from(JSON.stringify(projected.value))
      seen += bytes.length
      const checked = check(exchange, new WholeBody(bytes, 'application/json', anyJson))
      if (checked.kind === 'refuse') return checked
      if (checked.kind === 'pass') note ??= checked.note
      return { kind: 'item', value: projected.value }
    },
    note: () => note,
  }
}

// It is looked at as text alone.
const anyJson = { maxDepth: 0, maxKeys: 0, maxElements: 0, maxString: 0, maxNumber: 0, strict: false }
