import { defineProblem, type Problem } from '@gateward/kernel'
import type { Operation } from '@gateward/openapi'
import { readExactly } from '../../exchange/exact-json.ts'
import type { AnsweredExchange, Exchange } from '../../exchange/exchange.ts'
import type { WholeBody } from '../../exchange/whole-body.ts'
import { pass, type Guard, type GuardInput, type Verdict } from '../guard.ts'
import { checkOwnerDeclaration } from './check-owner-declaration.ts'
import { compileExemption, compileOwnerIdentity, type IsOwn } from './owner-identity.ts'
import { ownedPart, parseOwnerPointer, type OwnerPointer } from './owner-pointer.ts'
import { readPathOwner, readQueryOwner } from './request-owner.ts'
import type { AuthorizationSettings, OwnerDeclaration } from './settings.ts'

/** The part of the guard that keeps callers to their own objects. */
export interface Ownership extends Pick<Guard, 'onRequestBody' | 'onResponse' | 'onResponseBody'> {
  onRequest(exchange: Exchange): Verdict
}

/** Compiles `x-gateward: { owner }` of one operation. */
export function compileOwnership(
  owner: OwnerDeclaration,
  operation: Operation,
  { settings, report }: Pick<GuardInput<AuthorizationSettings>, 'settings' | 'report'>,
): Ownership {
  checkOwnerDeclaration(owner, operation, report)
  const identify = compileOwnerIdentity(owner)
  const isExempt = compileExemption(owner)
  const rule: OwnershipRule = {
    identify,
    isExempt,
    foreignCode: foreignCodes[settings.foreignObject],
    leavesOut: settings.mode === 'enforce',
  }
  const { body, answer } = owner
  return {
    onRequest: compileRequestCheck(owner, operation, rule),
    ...(body === undefined ? {} : compileBodyCheck(parseOwnerPointer(body), rule)),
    ...(answer === undefined ? {} : compileAnswerFilter(parseOwnerPointer(answer), rule)),
  }
}

interface OwnershipRule {
  readonly identify: (principal: Exchange['principal']) => IsOwn
  readonly isExempt: (principal: Exchange['principal']) => boolean
  readonly foreignCode: 'NOT_FOUND' | 'FORBIDDEN'
  /** False in shadow, which lets answers pass as they came. */
  readonly leavesOut: boolean
}

const foreignCodes = { 403: 'FORBIDDEN', 404: 'NOT_FOUND' } as const

function compileRequestCheck(
  { path, query, body, answer }: OwnerDeclaration,
  operation: Operation,
  { identify, isExempt, foreignCode, leavesOut }: OwnershipRule,
): Ownership['onRequest'] {
  const foreignPath = defineProblem(foreignCode, `path ${path} names another owner`)
  const foreignQuery = defineProblem('FORBIDDEN', `query ${query} does not name the caller as the owner`)
  const nobody = defineProblem('FORBIDDEN', 'there is no body, which should name the owner')
  return (exchange) => {
    const { principal, request } = exchange
    if (isExempt(principal)) return pass
    const isOwn = identify(principal)
    if (answer !== undefined && leavesOut) exchange.withheldHeaders = conditions
    if (path !== undefined && !isOwn(readPathOwner(exchange, operation, path))) return refuse(foreignPath)
    if (query !== undefined && !isOwn(readQueryOwner(request.query, query))) return refuse(foreignQuery)
    return body !== undefined && !request.hasBody ? refuse(nobody) : pass
  }
}

// 304 and 412 would tell of an object that exists, and show nobody as its owner (RFC 9110 section 13.1).
const conditions: ReadonlySet<string> = new Set([
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
])

function compileBodyCheck(
  pointer: OwnerPointer,
  { identify, isExempt }: OwnershipRule,
): Pick<Guard, 'onRequestBody'> {
  const foreign = defineProblem(
    'FORBIDDEN',
    `body /${pointer.join('/')} does not name the caller as the owner`,
  )
  return {
    onRequestBody: ({ principal }, body) => {
      if (isExempt(principal)) return pass
      const reading = body.json()
      if (reading.kind === 'refused')
        return refuse(defineProblem('MALFORMED_BODY', `body   ${reading.reason}`))
      return ownedPart(reading.value, pointer, identify(principal)).kind === 'all' ? pass : refuse(foreign)
    },
  }
}

function compileAnswerFilter(
  pointer: OwnerPointer,
  rule: OwnershipRule,
): Pick<Guard, 'onResponse' | 'onResponseBody'> {
  const place = `/${pointer.join('/')}`
  const foreign = defineProblem(rule.foreignCode, `answer ${place} does not name the caller as the owner`)
  const unseen = defineProblem(rule.foreignCode, `the answer's owner at ${place} cannot be seen`)
  return {
    onResponse: (exchange) =>
      isUnseen(exchange) && !rule.isExempt(exchange.principal) ? refuse(unseen) : pass,
    onResponseBody: (exchange, body) => {
      if (!isSuccess(exchange) || rule.isExempt(exchange.principal)) return pass
      const isOwn = rule.identify(exchange.principal)
      const reading = body.json()
      if (reading.kind === 'refused') return refuse(unseen)
      const part = ownedPart(reading.value, pointer, isOwn)
      if (part.kind === 'none') return refuse(foreign)
      if (part.kind === 'all') return pass
      if (rule.leavesOut) leaveOwn(body, pointer, isOwn, part.value)
      const did = rule.leavesOut ? 'left out' : 'would leave out'
      return { kind: 'pass', note: `${did} ${part.removed} of other owners` }
    },
  }
}

function leaveOwn(body: WholeBody, pointer: OwnerPointer, isOwn: IsOwn, value: unknown): void {
  const exact = readExactly(body.toBytes())
  const kept = exact === undefined ? undefined : ownedPart(exact, pointer, isOwn)
  if (kept?.kind === 'part') body.replaceBytes(Buffer.from(JSON.stringify(kept.value)))
  else body.replaceJson(value)
}

function isSuccess({ answer }: AnsweredExchange): boolean {
  return answer.source === 'upstream' && answer.status >= 200 && answer.status < 300
}

// A stream cannot be looked into, and a HEAD would tell what exists; 204 and 205 tell nothing (RFC 9110 section 15.3).
function isUnseen(exchange: AnsweredExchange): boolean {
  if (!isSuccess(exchange)) return false
  const { body, status } = exchange.answer
  if (body.kind === 'none') return exchange.request.method === 'HEAD'
  return body.kind === 'stream' && status !== 204 && status !== 205
}

function refuse(problem: Problem): Verdict {
  return { kind: 'refuse', problem }
}
