import { defineProblem, type Clock, type Problem } from '@gateward/kernel'
import { toCanonicalPath, type CanonicalPath, type PathReading } from './canonical-path.ts'
import type { ClientAddressReader, Peer } from './client-address.ts'
import type { Opening } from './exchange.ts'
import { badRequest, readFraming, type Framing, type Protocol } from './framing.ts'
import { HeaderList } from './header-list.ts'
import { createRequestId, isRequestId } from './request-id.ts'
import { readTraceparent, type TraceSampler } from './trace-context.ts'

/** A request's head as the server's parser gives it. */
export interface RawRequest {
  readonly method: string
  readonly target: string
  /**
   * Alternating names and values, among which HTTP/2's pseudo-header fields are not looked at; or the list that their
   * reader made of them, which the exchange takes over.
   */
  readonly rawHeaders: readonly string[] | HeaderList
  readonly protocol: Protocol
  /** HTTP/2's `:authority`; `undefined` elsewhere. */
  readonly authority: string | undefined
  /** HTTP/2: whether the stream goes on after the head; `undefined` in HTTP/1.1, where header fields say it. */
  readonly hasBody: boolean | undefined
  /** What the parser's side found before this, such as an expectation that nobody can meet. */
  readonly defect: Problem | undefined
  /** The first line and its version, where the parser refused the message and they are no request line. */
  readonly unread?: { readonly line: string; readonly version: string }
}

/** How a request's connection came in. */
export interface Arrival {
  readonly peer: Peer
  /** Whether the client's connection was encrypted, as far as the connection itself can tell. */
  readonly encrypted: boolean
  /** Whether an unencrypted request may be served: from this machine, or from a trusted proxy that says nothing else. */
  readonly mayBePlain: boolean
}

/** How large a request's head may be. */
interface HeadLimits {
  /** Most bytes of the header section. */
  readonly headerBytes: number
  /** Most header lines. */
  readonly headerCount: number
  /** Most characters of the request target. */
  readonly urlLength: number
}

export interface ExchangeOpenerOptions {
  readonly wire: HeadLimits
  readonly addresses: ClientAddressReader
  readonly clock: Clock
  /** Samples exchanges; `undefined` where none is traced, and what came goes on as it came. */
  readonly sample?: TraceSampler | undefined
}

/** Makes the function that opens exchanges; it never throws, whatever the request: what is wrong becomes the `defect`. */
export function createExchangeOpener(
  options: ExchangeOpenerOptions,
): (request: RawRequest, arrival: Arrival) => Opening {
  const { wire, addresses, clock, sample } = options
  return (raw, arrival) => {
    const { peer } = arrival
    const startedAt = clock.now()
    const { rawHeaders } = raw
    const headers = rawHeaders instanceof HeaderList ? rawHeaders : HeaderList.fromRaw(rawHeaders)
    const framing = readFraming(headers, raw.protocol, raw.authority)
    translateFields(headers, framing, raw.authority)
    const reading = readTarget(raw.target, wire.urlLength)
    const scheme = peer.trusted ? addresses.readForwardedScheme(peer, headers) : undefined
    const secure = scheme === undefined ? arrival.encrypted : scheme === 'https'
    const isPath = reading.kind === 'path'
    const traced = sample?.(framing.traceparent, peer.trusted)
    return {
      id: chooseId(framing.requestId, peer, startedAt),
      startedAt,
      startedTick: clock.tick(),
      request: {
        method: raw.method,
        target: raw.target,
        path: isPath ? reading.path : noPath,
        query: isPath ? reading.query : '',
        headers,
        host: framing.host,
        protocol: raw.protocol,
        secure,
        contentLength: contentLengthOf(raw, framing),
        hasBody: raw.hasBody ?? (framing.chunked || (framing.contentLength ?? 0) > 0),
        upgrade: framing.upgrade,
        unread: raw.unread,
      },
      client: peer.trusted ? addresses.readClient(peer, headers) : peer.client,
      traceparent: traced?.traceparent ?? readTraceparent(framing.traceparent),
      span: traced?.span,
      defect:
        raw.defect ??
        framing.defect ??
        methodDefect(raw.method) ??
        sizeDefect(headers, framing, reading, wire) ??
        (secure || (scheme === undefined && arrival.mayBePlain) ? undefined : tlsRequired),
    }
  }
}

/** Fields in the one form of HTTP/1.1, whatever came: `Host` (RFC 9113 section 8.3.1) and one line of cookies (8.2.3). */
function translateFields(headers: HeaderList, framing: Framing, authority: string | undefined): void {
  if (authority !== undefined && !headers.has('host')) headers.append('host', authority)
  if (framing.cookies > 1) headers.set('cookie', headers.getJoined('cookie') ?? '')
}

type TargetReading = PathReading | { readonly kind: 'too-long' }

function readTarget(target: string, maximum: number): TargetReading {
  return target.length > maximum ? tooLong : toCanonicalPath(target)
}

function chooseId(received: string | undefined, peer: Peer, now: number): string {
  return received !== undefined && peer.trusted && isRequestId(received) ? received : createRequestId(now)
}

function contentLengthOf(raw: RawRequest, framing: Framing): number | undefined {
  if (framing.contentLength !== undefined) return framing.contentLength
  const open = raw.hasBody ?? framing.chunked
  return open ? undefined : 0
}

function methodDefect(method: string): Problem | undefined {
  return method === 'TRACE' || method === 'CONNECT' ? methodRefused : undefined
}

function sizeDefect(
  headers: HeaderList,
  framing: Framing,
  reading: TargetReading,
  wire: HeadLimits,
): Problem | undefined {
  if (reading.kind === 'too-long') return uriTooLong
  if (headers.size > wire.headerCount) return tooManyHeaders
  if (framing.bytes > wire.headerBytes) return headersTooLarge
  return reading.kind === 'refused' ? pathProblem(reading.reason) : undefined
}

function pathProblem(reason: string): Problem {
  return defineProblem('INVALID_PATH', reason)
}

const noPath = '' as CanonicalPath
const tooLong = { kind: 'too-long' } as const
const uriTooLong = defineProblem('URI_TOO_LONG', 'the request target is longer than wire.urlLength')
const tooManyHeaders = defineProblem('HEADERS_TOO_LARGE', 'there are more header lines than wire.headerCount')
const headersTooLarge = defineProblem(
  'HEADERS_TOO_LARGE',
  'the header section is larger than wire.headerBytes',
)
const tlsRequired = defineProblem('TLS_REQUIRED', 'the request came unencrypted and not from this machine')
const methodRefused = defineProblem('METHOD_NOT_ALLOWED', 'CONNECT and TRACE are never served', {
  headers: [['allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS']],
})

/** An expectation other than `100-continue` (RFC 9110 section 10.1.1). */
export const expectationFailed = badRequest('the Expect field asks for what nobody can promise', 417)
