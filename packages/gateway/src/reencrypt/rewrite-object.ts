import { Fault } from '@gateward/kernel'
import type { BodySchema } from '@gateward/openapi'
import type { AnsweredExchange, Exchange } from '../exchange/exchange.ts'
import { HeaderList } from '../exchange/header-list.ts'
import { WholeBody } from '../exchange/whole-body.ts'
import { pass, type Verdict } from '../guards/guard.ts'
import { parseEnvelope } from '../keyring/crypto/envelope.ts'
import type { PlannedOperation } from './listing.ts'

/** Opens a listing as the service sent it, through the guard that opens it for callers. */
export function openListing(
  list: PlannedOperation,
  exchange: Exchange,
  text: Buffer,
  contentType: string,
): unknown {
  exchange.answer = {
    status: 200,
    headers: new HeaderList(['content-type', contentType]),
    body: { kind: 'whole', bytes: text },
    source: 'upstream',
  }
  const body = new WholeBody(Buffer.from(text), contentType, list.plan.answerJson)
  accept(list.guard.onResponseBody?.(exchange as AnsweredExchange, body) ?? pass)
  return valueOf(body)
}

/** Seals the fields of an object, through the guard that seals them for callers. */
export function sealObject(
  write: PlannedOperation,
  exchange: Exchange,
  value: object,
  mediaType: string,
): Buffer {
  const body = new WholeBody(Buffer.from(JSON.stringify(value)), mediaType, write.plan.body.json)
  accept(write.guard.onRequestBody?.(exchange, body) ?? pass)
  return body.toBytes()
}

/** Whether a part of an object as the service holds it is unencrypted, or under a key that is not one of `current`. */
export function isOutdated(raw: unknown, { classified }: BodySchema, current: ReadonlySet<string>): boolean {
  let outdated = false
  classified?.transform(structuredClone(raw), (part) => {
    if (part === null) return part
    const envelope = typeof part === 'string' ? parseEnvelope(part) : undefined
    if (envelope === undefined || !current.has(envelope.keyId)) outdated = true
    return part
  })
  return outdated
}

/** Whether an object as the service holds it has every blind index that it gets when it is sealed anew. */
export function hasIndexesOf(raw: unknown, sealed: unknown, schema: BodySchema): boolean {
  const held = indexesOf(raw, schema)
  return indexesOf(sealed, schema).isSubsetOf(held)
}

function indexesOf(value: unknown, { classified }: BodySchema): ReadonlySet<unknown> {
  const indexes = new Set<unknown>()
  classified?.transform(structuredClone(value), (part, { index }, owner) => {
    if (index !== undefined && owner?.[index] !== undefined) indexes.add(owner[index])
    return part
  })
  return indexes
}

/** What is sent to write an object back: of a PUT all that it takes, else the members with something classified in them. */
export function toWritten(object: object, schema: BodySchema, method: string): object {
  const { value } = schema.project(object, noScopes)
  const members = Object.entries(value as object)
  return Object.fromEntries(
    method === 'PUT'
      ? members
      : members.filter(([name, part]) => isTouched({ [name]: part as unknown }, schema)),
  )
}

const noScopes: ReadonlySet<string> = new Set()

function isTouched(object: object, { classified }: BodySchema): boolean {
  let touched = false
  classified?.transform(structuredClone(object), (part) => {
    touched = true
    return part
  })
  return touched
}

function accept(verdict: Verdict | Promise<Verdict>): void {
  if (!(verdict instanceof Promise) && verdict.kind === 'pass') return
  const reason =
    verdict instanceof Promise || verdict.kind === 'answer' ? 'unexpected' : verdict.problem.reason
  throw new Fault('REENCRYPT_REFUSED', `the fields could not be rewritten: ${reason}`, { source: 'gateway' })
}

function valueOf(body: WholeBody): unknown {
  const reading = body.json()
  if (reading.kind === 'value') return reading.value
  throw new Fault('UPSTREAM_ERROR', `the listing is ${reading.reason}`, { source: 'upstream' })
}
