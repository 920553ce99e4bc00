import type { Exchange } from '../exchange/exchange.ts'
import type { Route } from '../exchange/route.ts'
import type { TrailEntry } from '../exchange/trail.ts'
import { redact } from './redact.ts'
import { shownPath } from './shown-path.ts'

/** How an exchange ended, as the server saw it. */
export interface Ending {
  /** Whether the answer went out whole. */
  readonly whole: boolean
  readonly bytesSent: number
}

/**
 * One exchange as one line of JSON. Only what is listed here is ever written (no header values, no query values, no
 * bodies), so redaction needs no list of secrets. Written by hand: it is the largest single cost of logging, and this
 * is three times faster than serialising an object.
 */
export function exchangeLine(
  exchange: Exchange,
  ending: Ending,
  finishedAt: number,
  duration: number,
): string {
  const { request, client, route, problem, principal } = exchange
  let line = `{"time":"${isoTime(finishedAt)}","level":"${levelOf(exchange)}","event":"exchange"`
  line += `,"id":"${exchange.id}","trace":"${exchange.traceparent.slice(3, 35)}"${routeMembers(route)}`
  line += `,"method":${quote(request.method)}`
  line += `,"path":${quote(request.path === '' ? '(unreadable)' : shownPath(exchange).slice(0, 500))}`
  if (request.query !== '') line += `,"query":${quote(queryNames(request.query))}`
  line += `,"status":${exchange.answer?.status ?? 0}`
  if (problem !== undefined) line += `,"code":"${problem.code}","reason":${quoteReason(problem.reason)}`
  line += `,"client":"${client.text}"`
  if (principal.kind === 'known') {
    const [credential] = principal.credentials
    line += `,"consumer":${quote(principal.consumer)},"label":${quote(principal.label)}`
    if (principal.tier !== undefined) line += `,"tier":${quote(principal.tier)}`
    if (credential !== undefined) line += `,"credential":${quote(`${credential.kind} ${credential.display}`)}`
  }
  line += `,"protocol":"${request.protocol}","tls":${request.secure},"bytes":${ending.bytesSent},"whole":${ending.whole}`
  line += `,"ms":${duration.toFixed(3)}`
  if (exchange.forwardedTick > 0) {
    // A service that never answered was asked all the same, until now.
    const answered = exchange.answeredTick > 0 ? exchange.answeredTick : exchange.startedTick + duration
    line += `,"upstream_ms":${(answered - exchange.forwardedTick).toFixed(3)}`
  }
  line += ruleMembers(exchange.rules)
  line += `,"configuration":"${exchange.configuration}","guards":[`
  for (let index = 0; index < exchange.trail.length; index++) {
    if (index > 0) line += ','
    line += trailItem(exchange.trail[index] as TrailEntry)
  }
  return `${line}]}\n`
}

const mostRules = 50

/** What rules found; nothing where they had nothing to say. */
function ruleMembers(report: Exchange['rules']): string {
  if (report === undefined) return ''
  const { matches, skipped, score } = report
  if (matches.length === 0 && skipped.length === 0) return ''
  const rules = matches
    .slice(0, mostRules)
    .map(({ id, at, message }) => `{"id":${id},"at":${quoteReason(at)},"msg":${quoteReason(message)}}`)
  const scored = score === undefined ? '' : `"score":${score},`
  return `,"waf":{${scored}"rules":[${rules.join(',')}],"skipped":[${skipped.map(quote).join(',')}]}`
}

/** `warn` for what was refused or would have been, `error` for what broke, else `info`. */
export function levelOf(exchange: Exchange): 'info' | 'warn' | 'error' {
  if ((exchange.answer?.status ?? 500) >= 500) return 'error'
  if (exchange.problem !== undefined) return 'warn'
  for (const entry of exchange.trail)
    if (entry.verdict === 'refuse' || entry.verdict === 'fault') return 'warn'
  return 'info'
}

function trailItem(entry: TrailEntry): string {
  if (entry.verdict === 'pass' && entry.note === undefined && entry.mode === 'enforce')
    return `${plainPass(entry.guard, entry.phase)}${Math.round(entry.elapsed * 1_000)}}`
  let item = `{"guard":"${entry.guard}","verdict":"${entry.verdict}"`
  if (entry.phase !== 'request') item += `,"phase":"${entry.phase}"`
  if (entry.mode !== 'enforce') item += `,"mode":"${entry.mode}"`
  if (entry.code !== undefined) item += `,"code":"${entry.code}"`
  if (entry.note !== undefined)
    item += `,"note":${entry.verdict === 'pass' ? quote(entry.note) : quoteReason(entry.note)}`
  return `${item},"us":${Math.round(entry.elapsed * 1_000)}}`
}

const plainPasses: Readonly<Record<TrailEntry['phase'], Map<string, string>>> = {
  request: new Map(),
  'request-body': new Map(),
  response: new Map(),
  'response-body': new Map(),
}

// Most entries are this one, and there are only as many as guards and phases.
function plainPass(guard: string, phase: TrailEntry['phase']): string {
  const known = plainPasses[phase].get(guard)
  if (known !== undefined) return known
  const written = `{"guard":"${guard}","verdict":"pass"${phase === 'request' ? '' : `,"phase":"${phase}"`},"us":`
  plainPasses[phase].set(guard, written)
  return written
}

/** A JSON string in ASCII: one foreign character would make the whole line, and its batch, twice as wide and slow to encode. */
function quote(text: string): string {
  return plain.test(text) ? `"${text}"` : quoteForeign(text)
}

const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/
const eachBeyondAscii = /[^\x20-\x7e]/g

const quotedForeign = new Map<string, string>()

// The few foreign texts of a service (labels, the ellipsis of a key) come again and again; longer ones are anybody's.
function quoteForeign(text: string): string {
  const known = quotedForeign.get(text)
  if (known !== undefined) return known
  const quoted = JSON.stringify(text).replace(eachBeyondAscii, escapeUnit)
  if (text.length <= 100 && quotedForeign.size < 1_000) quotedForeign.set(text, quoted)
  return quoted
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

let latestTime = 0
let latestIsoTime = ''

// Many exchanges end within one millisecond.
function isoTime(time: number): string {
  if (time === latestTime) return latestIsoTime
  latestTime = time
  latestIsoTime = new Date(time).toISOString()
  return latestIsoTime
}

const writtenRoutes = new WeakMap<Route, string>()

function routeMembers(route: Route): string {
  const written = writtenRoutes.get(route)
  if (written !== undefined) return written
  const members = `,"api":${quote(route.api)},"operation":${quote(route.operationId)}`
  writtenRoutes.set(route, members)
  return members
}

function quoteReason(reason: string): string {
  return quote(redact(reason.slice(0, 4_096)))
}

// Values of a query may be anybody's data; its names say enough about what was asked.
function queryNames(query: string): string {
  return query.slice(0, 1_000).replace(/=[^&]*/g, '')
}
