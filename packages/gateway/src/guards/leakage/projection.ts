import { defineProblem } from '@gateward/kernel'
import type { BodySchema, Operation, ResponseContract } from '@gateward/openapi'
import type { AnsweredExchange } from '../../exchange/exchange.ts'
import { writeExactly } from '../../exchange/exact-json.ts'
import { readJsonLines, writeJsonLines } from '../../exchange/json-lines.ts'
import type { WholeBody } from '../../exchange/whole-body.ts'
import { pass, type Verdict } from '../guard.ts'
import type { LeakageSettings } from './settings.ts'

/** Leaves of an answer what the contract declares for this caller. */
export type Projection = (exchange: AnsweredExchange, body: WholeBody) => Verdict

/** Compiles the projection of an operation's answers; `block` refuses what `strip` would remove. */
export function compileProjection(operation: Operation, action: LeakageSettings['undeclared']): Projection {
  return (exchange, body) => {
    const { status } = exchange.answer
    const response = operation.response(status)
    if (response === undefined) return unprojected(action, `status ${status} is not declared`)
    if (body.toBytes().length === 0) return pass
    const schema = response.match(body.contentType ?? '')
    if (schema === undefined) return foreign(response, status, action)
    return project(exchange, body, schema, action)
  }
}

/**
 * Compiles the check of answers that flow past unread: their media type must be one that the contract declares for their
 * status. Clients choose among the types that a service can write, so one that it does not tell of must be no way
 * around the projection.
 */
export function compileStreamCheck(
  operation: Operation,
  action: LeakageSettings['undeclared'],
): (exchange: AnsweredExchange) => Verdict {
  return ({ answer }) => {
    const { status, headers, body, source } = answer
    if (body.kind !== 'stream' || source !== 'upstream') return pass
    const response = operation.response(status)
    if (response === undefined) return unprojected(action, `status ${status} is not declared`)
    if (response.match(headers.get('content-type') ?? '') !== undefined) return pass
    return foreign(response, status, action)
  }
}

// Errors are looked through for leaks instead, and where no type is declared at all the contract is silent.
function foreign(response: ResponseContract, status: number, action: LeakageSettings['undeclared']): Verdict {
  const why = `status ${status} does not declare this body`
  const isEvasion = action === 'strip' && status < 400 && !response.empty
  return isEvasion ? invalid(`the answer's ${why}`) : unprojected(action, why)
}

function project(
  exchange: AnsweredExchange,
  body: WholeBody,
  schema: BodySchema,
  action: LeakageSettings['undeclared'],
): Verdict {
  const scopes = scopesOf(exchange)
  if (schema.format === 'ndjson') return projectLines(body, schema, scopes, action)
  if (schema.format !== 'json') return pass
  const reading = body.json()
  if (reading.kind === 'refused') return unreadable(action, reading.reason)
  const projected = projectValue(reading.value, schema, scopes, action)
  if (projected.value !== reading.value) replace(body, projected.value)
  return projected.verdict
}

/** A value as it goes on, and what is to be told of it. */
export function projectValue(
  before: unknown,
  schema: BodySchema,
  scopes: ReadonlySet<string>,
  action: LeakageSettings['undeclared'],
): { readonly value: unknown; readonly verdict: Verdict } {
  const { value, removed } = schema.project(before, scopes)
  if (removed.length === 0) return { value: before, verdict: pass }
  return { value: action === 'strip' ? value : before, verdict: verdict(action, removed) }
}

/** The scopes by which the contract shows a caller more than others. */
export function scopesOf({ principal }: AnsweredExchange): ReadonlySet<string> {
  return principal.kind === 'known' ? principal.scopes : noScopes
}

function replace(body: WholeBody, value: unknown): void {
  const exact = writeExactly(value, body.toBytes())
  if (exact === undefined) body.replaceJson(value)
  else body.replaceBytes(exact)
}

function projectLines(
  body: WholeBody,
  schema: BodySchema,
  scopes: ReadonlySet<string>,
  action: LeakageSettings['undeclared'],
): Verdict {
  const reading = readJsonLines(body.toBytes(), body.limits)
  if (reading.kind === 'refused') return unreadable(action, reading.reason)
  const projected = (reading.value as readonly unknown[]).map((line) => schema.project(line, scopes))
  const removed = [...new Set(projected.flatMap((line) => line.removed))].slice(0, 20)
  if (removed.length === 0) return pass
  if (action === 'strip')
    body.replaceBytes(
      writeJsonLines(
        projected.map(({ value }) => value),
        body.toBytes(),
      ),
    )
  return verdict(action, removed)
}

const noScopes: ReadonlySet<string> = new Set()

function verdict(action: LeakageSettings['undeclared'], removed: readonly string[]): Verdict {
  const fields = removed.join(', ')
  if (action === 'block') return invalid(`the answer has undeclared ${fields}`)
  return { kind: 'pass', note: `${action === 'strip' ? 'stripped' : 'undeclared'} ${fields}` }
}

function unprojected(action: LeakageSettings['undeclared'], why: string): Verdict {
  return action === 'block' ? invalid(`the answer's ${why}`) : { kind: 'pass', note: `not stripped: ${why}` }
}

// What cannot be read cannot be stripped, and is not what it says it is.
function unreadable(action: LeakageSettings['undeclared'], reason: string): Verdict {
  const what = `the answer says it is JSON and is ${reason}`
  return action === 'report' ? { kind: 'pass', note: what } : invalid(what)
}

function invalid(reason: string): Verdict {
  return { kind: 'refuse', problem: defineProblem('RESPONSE_INVALID', reason) }
}
