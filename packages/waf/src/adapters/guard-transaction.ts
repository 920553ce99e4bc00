import type { IncomingMessage } from 'node:http'
import { decodeBody } from '../bodies/encoding/decode-body.ts'
import { defaultBodyLimits } from '../bodies/body-limits.ts'
import type { WafMatch, WafVerdict } from '../engine/match.ts'
import type { WafTransaction } from '../engine/transaction.ts'
import type { Waf } from '../engine/waf.ts'

/** What an application decides about the engine in front of it. */
export interface AdapterOptions {
  /** Most bytes of a request's body that are held for the rules; a longer one is answered with 413. 10 MiB unless given. */
  readonly maxBody?: number
  /** Most bytes of a response's body that are held for the rules; a longer one passes on unread. 1 MiB unless given. */
  readonly maxAnswer?: number
  /** Told once of every request in which a rule matched, when its answer is out: to write a log. */
  readonly onMatches?: (report: MatchReport) => void
  /** The client's address; that of the socket unless given. Only read a header for it that a proxy of yours writes. */
  readonly clientAddress?: (request: IncomingMessage) => string
}

/** What rules found in one request and its answer. */
export interface MatchReport {
  readonly request: IncomingMessage
  readonly matches: readonly WafMatch[]
  /** The last verdict: what was done. */
  readonly verdict: WafVerdict
  /** The id that rules know as UNIQUE_ID. */
  readonly id: string
}

export const defaultMaxBody = 10_485_760
export const defaultMaxAnswer = 1_048_576

/** Begins a transaction for a request as node:http has read it. */
export function beginTransaction(
  waf: Waf,
  request: IncomingMessage,
  options: AdapterOptions,
): { readonly transaction: WafTransaction; readonly id: string } {
  const id = crypto.randomUUID()
  const { socket, rawHeaders, method = '', httpVersion } = request
  const headers: (readonly [string, string])[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? ''])
  }
  const transaction = waf.begin({
    id,
    method,
    target: targetOf(request),
    protocol: `HTTP/${httpVersion}`,
    headers,
    clientAddress: options.clientAddress?.(request) ?? socket.remoteAddress ?? '',
    ...(socket.remotePort !== undefined && { clientPort: socket.remotePort }),
    ...(socket.localAddress !== undefined && { serverAddress: socket.localAddress }),
    ...(socket.localPort !== undefined && { serverPort: socket.localPort }),
  })
  return { transaction, id }
}

/** Express takes the path at which a router is mounted off `url`, and keeps the whole in `originalUrl`. */
function targetOf(request: IncomingMessage & { readonly originalUrl?: string }): string {
  return request.originalUrl ?? request.url ?? ''
}

/** What is answered to a block: nothing of the rule, which would only help to get around it. */
export function blockedBody(status: number): string {
  return JSON.stringify({ title: 'Request blocked', status })
}

/** A response's body without its content codings; `undefined` where they cannot be undone within their bounds. */
export function plainAnswer(body: Buffer, encoding: string, most: number): Buffer | undefined {
  if (encoding === '') return body
  const decoding = decodeBody(body, encoding, { ...defaultBodyLimits, decodedBytes: most })
  return decoding.kind === 'decoded' ? decoding.body : undefined
}
