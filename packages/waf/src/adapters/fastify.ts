import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { WafVerdict } from '../engine/match.ts'
import type { WafTransaction } from '../engine/transaction.ts'
import type { Waf } from '../engine/waf.ts'
import type { AdapterOptions } from './guard-transaction.ts'
import {
  beginTransaction,
  blockedBody,
  defaultMaxAnswer,
  defaultMaxBody,
  plainAnswer,
} from './guard-transaction.ts'

export type { AdapterOptions, MatchReport } from './guard-transaction.ts'

/** What of a Fastify instance is used. */
export interface FastifyHost {
  addHook(name: string, hook: (...given: never[]) => unknown): unknown
}

interface Request {
  readonly raw: IncomingMessage
}

interface Reply {
  code(status: number): Reply
  header(name: string, value: string): Reply
  removeHeader(name: string): Reply
  getHeaders(): Readonly<Record<string, string | number | readonly string[] | undefined>>
  send(payload: string): Reply
  readonly statusCode: number
}

interface Passage {
  readonly transaction: WafTransaction
  readonly id: string
  verdict: WafVerdict
}

/**
 * Asks the rules about every request and answer of a Fastify server: the head before anything else, the body before it is
 * parsed, the answer before it goes out.
 *
 * @example
 * const server = fastify()
 * addWaf(server, waf)
 */
export function addWaf(server: FastifyHost, waf: Waf, options: AdapterOptions = {}): void {
  // A property, not a WeakMap, whose values outlive the requests until the old generation is collected.
  const passageKey = Symbol('waf passage')
  const passageOf = ({ raw }: Request): Passage | undefined =>
    (raw as IncomingMessage & { [passageKey]?: Passage })[passageKey]
  const { maxBody = defaultMaxBody, maxAnswer = defaultMaxAnswer, onMatches } = options

  const onRequest = async (request: Request, reply: Reply): Promise<unknown> => {
    const begun = beginTransaction(waf, request.raw, options)
    const passage: Passage = { ...begun, verdict: begun.transaction.requestHeaders() }
    Object.assign(request.raw, { [passageKey]: passage })
    return passage.verdict.kind === 'block' ? refuse(reply, passage.verdict) : undefined
  }

  const preParsing = async (
    request: Request,
    reply: Reply,
    payload: AsyncIterable<Buffer>,
  ): Promise<unknown> => {
    const passage = passageOf(request)
    if (passage === undefined) return payload
    const body = await collect(payload, maxBody)
    if (body === undefined) return refuse(reply, { status: 413 })
    passage.verdict = passage.transaction.requestBody(body)
    if (passage.verdict.kind === 'block') return refuse(reply, passage.verdict)
    return Object.assign(Readable.from(body.length === 0 ? [] : [body]), {
      receivedEncodedLength: body.length,
    })
  }

  const onSend = async (request: Request, reply: Reply, payload: unknown): Promise<unknown> => {
    const passage = passageOf(request)
    if (passage === undefined || passage.verdict.kind === 'block') return payload
    passage.verdict = decideAnswer(passage.transaction, reply, payload, maxAnswer)
    if (passage.verdict.kind === 'pass') return payload
    for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name)
    const { status } = passage.verdict
    reply.code(status).header('content-type', 'application/problem+json')
    if (payload instanceof Readable) payload.destroy()
    return blockedBody(status)
  }

  const onResponse = async (request: Request): Promise<void> => {
    const passage = passageOf(request)
    if (passage === undefined) return
    const { transaction, verdict, id } = passage
    transaction.logging()
    if (transaction.matches.length > 0)
      onMatches?.({ request: request.raw, matches: transaction.matches, verdict, id })
  }

  server.addHook('onRequest', onRequest)
  server.addHook('preParsing', preParsing)
  if (waf.hasRules(3) || waf.hasRules(4)) server.addHook('onSend', onSend)
  server.addHook('onResponse', onResponse)
}

function refuse(
  reply: Reply,
  { status, location }: { readonly status: number; readonly location?: string },
): Reply {
  if (location !== undefined) reply.header('location', encodeURI(location))
  return reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .header('connection', 'close')
    .send(blockedBody(status))
}

async function collect(payload: AsyncIterable<Buffer>, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of payload) {
    length += chunk.length
    if (length > most) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** A payload that streams is asked about without its bytes. */
function decideAnswer(transaction: WafTransaction, reply: Reply, payload: unknown, most: number): WafVerdict {
  const given = reply.getHeaders()
  const headers = Object.entries(given).flatMap(([name, value]) =>
    [value].flat().map((each): readonly [string, string] => [name, String(each)]),
  )
  const verdict = transaction.responseHeaders({ status: reply.statusCode, protocol: 'HTTP/1.1', headers })
  if (verdict.kind === 'block') return verdict
  const whole =
    typeof payload === 'string'
      ? Buffer.from(payload)
      : payload instanceof Uint8Array
        ? Buffer.from(payload)
        : undefined
  const isRead = whole !== undefined && transaction.wantsResponseBody(String(given['content-type'] ?? ''))
  if (!isRead) return transaction.responseBody(Buffer.alloc(0))
  const plain = plainAnswer(whole, String(given['content-encoding'] ?? ''), most)
  return plain === undefined
    ? { kind: 'block', status: 502, ruleId: 0, score: 0 }
    : transaction.responseBody(plain)
}
