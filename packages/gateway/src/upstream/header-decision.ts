import { hopByHop } from './hop-by-hop.ts'

/**
 * What becomes of a client's header field: `pass` and `drop` say it all; `host`, `cookie` and `tracestate` depend on
 * the request, `negotiation` on who reads the answer, `coding` on whether the body was decoded.
 */
export type HeaderDecision = 'pass' | 'drop' | 'host' | 'cookie' | 'negotiation' | 'coding' | 'tracestate'

/** Decides by the name (lower case) alone. */
export function decideHeader(name: string): HeaderDecision {
  const known = decisions.get(name)
  if (known !== undefined) return known
  const decision = decide(name)
  // Clients use a few dozen names; the bound keeps one that invents names from filling memory.
  if (decisions.size < maximumDecisions) decisions.set(name, decision)
  return decision
}

const decisions = new Map<string, HeaderDecision>()
const maximumDecisions = 2_000

function decide(name: string): HeaderDecision {
  const special = specials.get(name)
  if (special !== undefined) return special
  // Services behind CGI, WSGI and Rack cannot tell `x_consumer_id` from `x-consumer-id`.
  const dashed = name.replaceAll('_', '-')
  if (dropped.has(dashed) || hopByHop.has(dashed) || assertsIdentity.test(dashed)) return 'drop'
  return dashed === name || !(specials.has(dashed) || reserved.test(dashed)) ? 'pass' : 'drop'
}

const specials: ReadonlyMap<string, HeaderDecision> = new Map<string, HeaderDecision>([
  ['host', 'host'],
  ['cookie', 'cookie'],
  ['accept-encoding', 'negotiation'],
  ['range', 'negotiation'],
  ['if-range', 'negotiation'],
  ['content-encoding', 'coding'],
  ['content-md5', 'coding'],
  ['content-digest', 'coding'],
  ['tracestate', 'tracestate'],
])

const dropped: ReadonlySet<string> = new Set([
  // Written anew.
  'content-length',
  'forwarded',
  'traceparent',
  'x-request-id',
  'x-real-ip',
  // Of this hop only.
  'expect',
  // Another path or method than the one that was decided on.
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-host',
  'x-original-method',
  'x-original-uri',
  'x-original-url',
  'x-rewrite-url',
  'x-host',
  'x-proxyuser-ip',
  // Another address than the one that was found.
  'cf-connecting-ip',
  'client-ip',
  'fastly-client-ip',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-originating-ip',
  'x-remote-addr',
  'x-remote-ip',
  // Who the client says it is.
  'proxy',
  'remote-user',
  'x-remote-user',
  'x-webauth-user',
  'x-auth-user',
])

/** Names under which gateways tell services who calls. */
const assertsIdentity =
  /^(?:x-(?:consumer|authenticated|credential|gateward|forwarded|auth-request|ssl-client|client-cert|amzn-oidc|goog-authenticated|ms-client-principal|jwt-claim|token-claim)(?:-|$)|x-user|x-anonymous-consumer|client-cert|ssl-client|proxy-)/

/** What only its own spelling may say. */
const reserved = /^(?:content-|x-api-key$|sec-|if-|accept-)/
