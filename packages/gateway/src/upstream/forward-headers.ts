import type { Exchange } from '../exchange/exchange.ts'
import { decideHeader } from './header-decision.ts'
import { namedByConnection } from './hop-by-hop.ts'
import { withoutCookies } from './without-cookies.ts'

/** What an upstream is to see of the client's request. */
export interface ForwardPolicy {
  /** Whether the service sees the client's `Host`. */
  readonly preserveHost: boolean
  /** Whether it sees API keys that the gateway checked. */
  readonly forwardCredentials: boolean
}

export interface ForwardOptions {
  readonly policy: ForwardPolicy
  /** Whether a guard wants the answer's body whole: then it must come uncoded and not in ranges. */
  readonly wholeAnswer: boolean
  /** The length of a body held in memory, already without its content coding; `undefined`: it streams, or there is none. */
  readonly bodyLength: number | undefined
  /** Whether a body that streams may get another length than it came with. */
  readonly isRewritten: boolean
}

/**
 * The header fields that go to the service, flat. What the client said of itself, of the way it came and of the
 * connection is left out; what the gateway knows of these is put in its place.
 */
export function forwardHeaders(exchange: Exchange, options: ForwardOptions): string[] {
  const flat: string[] = []
  copyFields(exchange, options, flat)
  addIdentity(exchange, flat)
  addWay(exchange, flat)
  const { contentLength, hasBody } = exchange.request
  if (options.wholeAnswer) flat.push('accept-encoding', 'identity')
  if (options.bodyLength === undefined && !options.isRewritten && hasBody && contentLength !== undefined)
    flat.push('content-length', `${contentLength}`)
  return flat
}

function copyFields(exchange: Exchange, options: ForwardOptions, flat: string[]): void {
  const { request, withheldHeaders, versionField } = exchange
  const { headers } = request
  const source = headers.flat
  const { preserveHost, forwardCredentials } = options.policy
  const connection = headers.getJoined('connection')
  const named = connection === undefined ? undefined : namedByConnection(connection, essential)
  const consumed = forwardCredentials ? noNames : exchange.consumedHeaders
  for (let index = 0; index < source.length; index += 2) {
    const name = source[index] as string
    const value = source[index + 1] as string
    if (named?.has(name) === true || withheldHeaders?.has(name) === true) continue
    if (consumed.length > 0 && consumed.includes(name)) continue
    if (versionField?.[0] === name) continue
    switch (decideHeader(name)) {
      case 'pass':
        flat.push(name, value)
        break
      case 'host':
        if (preserveHost) flat.push(name, value)
        break
      case 'negotiation':
        if (!options.wholeAnswer) flat.push(name, value)
        break
      case 'coding':
        if (options.bodyLength === undefined) flat.push(name, value)
        break
      case 'cookie':
        addCookies(exchange, forwardCredentials, value, flat)
        break
      case 'tracestate':
        if (continuesTrace(exchange)) flat.push(name, value)
        break
      case 'drop':
    }
  }
}

function addCookies(exchange: Exchange, forwardCredentials: boolean, value: string, flat: string[]): void {
  const { consumedCookies } = exchange
  const kept =
    forwardCredentials || consumedCookies.length === 0 ? value : withoutCookies(value, consumedCookies)
  if (kept !== '') flat.push('cookie', kept)
}

function addIdentity(exchange: Exchange, flat: string[]): void {
  flat.push('x-request-id', exchange.id, 'traceparent', exchange.traceparent)
  for (const [name, value] of exchange.upstreamHeaders) flat.push(name, value)
  if (exchange.versionField !== undefined) flat.push(...exchange.versionField)
}

// Only what the gateway knows: the client as trusted proxies name it, and the proxy that it spoke with itself.
function addWay(exchange: Exchange, flat: string[]): void {
  const { client, request } = exchange
  const named = request.headers.get('host') ?? request.host
  // A host with quotes would write parameters of its own into Forwarded.
  const host = plainHost.test(named) ? named : request.host
  const proto = request.secure ? 'https' : 'http'
  const node = client.text.includes(':') ? `"[${client.text}]"` : client.text
  flat.push(
    'x-forwarded-for',
    client.forwarded ? `${client.text}, ${client.peer}` : client.text,
    'x-forwarded-proto',
    proto,
    'x-forwarded-host',
    host,
    'x-forwarded-port',
    portOf(host) ?? (request.secure ? '443' : '80'),
    'forwarded',
    `for=${node};host="${host}";proto=${proto}`,
  )
}

function portOf(host: string): string | undefined {
  const colon = host.lastIndexOf(':')
  return colon === -1 || host.endsWith(']') ? undefined : host.slice(colon + 1)
}

// A trace that begins here has no state (W3C Trace Context section 3.4).
function continuesTrace(exchange: Exchange): boolean {
  return exchange.request.headers.get('traceparent')?.slice(3, 35) === exchange.traceparent.slice(3, 35)
}

const plainHost = /^[\w.:[\]-]{1,255}$/

const noNames: readonly string[] = []

const essential: ReadonlySet<string> = new Set([
  'authorization',
  'cache-control',
  'cookie',
  'date',
  'expect',
  'forwarded',
  'from',
  'host',
  'idempotency-key',
  'origin',
  'pragma',
  'range',
  'referer',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-api-key',
  'x-request-id',
])
