import type { Exchange } from '../exchange/exchange.ts'
import type { Known, Principal } from '../exchange/principal.ts'
import type { Route } from '../exchange/route.ts'
import type { TrailEntry } from '../exchange/trail.ts'
import { toBytes, type LineWriter } from './line-writer.ts'
import { quote } from './quote.ts'
import { redact } from './redact.ts'
import { shownPath } from './shown-path.ts'

/** How an exchange ended, as the server saw it. */
export interface Ending {
  /** Whether the answer went out whole. */
  readonly whole: boolean
  readonly bytesSent: number
}

/**
 * Writes one exchange as one line of JSON. Only what is listed here is ever written (no header values, no query values,
 * no bodies), so redaction needs no list of secrets. By hand and into bytes: it is the largest single cost of logging, and
 * this is five times faster than serialising an object.
 */
export function writeExchangeLine(
  line: LineWriter,
  exchange: Exchange,
  ending: Ending,
  finishedAt: number,
  duration: number,
): void {
  const { request, client, route, problem, principal } = exchange
  line.ascii(timeMember(finishedAt))
  line.bytes(levelMembers[levelOf(exchange)])
  line.ascii(exchange.id)
  line.bytes(members.trace)
  line.ascii(exchange.traceparent.slice(3, 35))
  line.bytes(routeMembers(route))
  line.quoted(request.method)
  line.bytes(members.path)
  line.quoted(request.path === '' ? '(unreadable)' : shownPath(exchange).slice(0, 500))
  if (request.query !== '') {
    line.bytes(members.query)
    line.quoted(queryNames(request.query))
  }
  line.bytes(members.status)
  line.integer(exchange.answer?.status ?? 0)
  if (problem !== undefined) line.ascii(`,"code":"${problem.code}","reason":${quoteReason(problem.reason)}`)
  line.bytes(members.client)
  line.ascii(client.text)
  writePrincipal(line, principal)
  line.ascii(request.protocol)
  line.bytes(request.secure ? members.tls : members.noTls)
  line.integer(ending.bytesSent)
  line.bytes(ending.whole ? members.whole : members.broken)
  line.thousandths(duration)
  if (exchange.forwardedTick > 0) {
    // A service that never answered was asked all the same, until now.
    const answered = exchange.answeredTick > 0 ? exchange.answeredTick : exchange.startedTick + duration
    line.bytes(members.upstream)
    line.thousandths(answered - exchange.forwardedTick)
  }
  if (exchange.rules !== undefined) line.ascii(ruleMembers(exchange.rules))
  line.bytes(members.configuration)
  line.ascii(exchange.configuration)
  line.bytes(members.guards)
  const { trail } = exchange
  for (let index = 0; index < trail.length; index++) {
    writeTrailEntry(line, trail[index] as TrailEntry, index === 0)
  }
  line.bytes(trail.length === 0 ? members.endOfNone : members.end)
}

/** `warn` for what was refused or would have been, `error` for what broke, else `info`. */
export function levelOf(exchange: Exchange): 'info' | 'warn' | 'error' {
  if ((exchange.answer?.status ?? 500) >= 500) return 'error'
  if (exchange.problem !== undefined) return 'warn'
  for (const entry of exchange.trail)
    if (entry.verdict === 'refuse' || entry.verdict === 'fault') return 'warn'
  return 'info'
}

const levelMembers = {
  info: toBytes('","level":"info","event":"exchange","id":"'),
  warn: toBytes('","level":"warn","event":"exchange","id":"'),
  error: toBytes('","level":"error","event":"exchange","id":"'),
}

const members = {
  trace: toBytes('","trace":"'),
  path: toBytes(',"path":'),
  query: toBytes(',"query":'),
  status: toBytes(',"status":'),
  client: toBytes(',"client":"'),
  protocol: toBytes('","protocol":"'),
  tls: toBytes('","tls":true,"bytes":'),
  noTls: toBytes('","tls":false,"bytes":'),
  whole: toBytes(',"whole":true,"ms":'),
  broken: toBytes(',"whole":false,"ms":'),
  upstream: toBytes(',"upstream_ms":'),
  configuration: toBytes(',"configuration":"'),
  guards: toBytes('","guards":['),
  note: toBytes(',"note":'),
  time: toBytes(',"us":'),
  end: toBytes('}]}\n'),
  endOfNone: toBytes(']}\n'),
}

const mostRules = 50

/** What rules found; nothing where they had nothing to say. */
function ruleMembers({ matches, skipped, score }: NonNullable<Exchange['rules']>): string {
  if (matches.length === 0 && skipped.length === 0) return ''
  const rules = matches
    .slice(0, mostRules)
    .map(({ id, at, message }) => `{"id":${id},"at":${quoteReason(at)},"msg":${quoteReason(message)}}`)
  const scored = score === undefined ? '' : `"score":${score},`
  return `,"waf":{${scored}"rules":[${rules.join(',')}],"skipped":[${skipped.map(quote).join(',')}]}`
}

function writePrincipal(line: LineWriter, principal: Principal): void {
  if (principal.kind === 'anonymous') {
    line.bytes(members.protocol)
    return
  }
  const known = writtenPrincipals.get(principal)
  if (known !== undefined) {
    line.bytes(known)
    return
  }
  const written = toBytes(principalMembers(principal))
  writtenPrincipals.set(principal, written)
  line.bytes(written)
}

// Callers who come again are one object for as long as their credential is remembered.
const writtenPrincipals = new WeakMap<Known, Uint8Array>()

function principalMembers({ consumer, label, tier, credentials }: Known): string {
  const [credential] = credentials
  const ofTier = tier === undefined ? '' : `,"tier":${quote(tier)}`
  const shown = credential === undefined ? '' : quote(`${credential.kind} ${credential.display}`)
  const ofCredential = shown === '' ? '' : `,"credential":${shown}`
  return `","consumer":${quote(consumer)},"label":${quote(label)}${ofTier}${ofCredential},"protocol":"`
}

function writeTrailEntry(line: LineWriter, entry: TrailEntry, isFirst: boolean): void {
  const { verdict, mode, note } = entry
  if (verdict === 'pass' && mode === 'enforce') {
    const { first, next, noted } = plainPass(entry)
    if (note === undefined) line.bytes(isFirst ? first : next)
    else {
      line.bytes(isFirst ? noted.subarray(2) : noted)
      line.quoted(note)
      line.bytes(members.time)
    }
  } else line.ascii(isFirst ? unusualEntry(entry) : `},${unusualEntry(entry)}`)
  line.integer(Math.round(entry.elapsed * 1_000))
}

function unusualEntry(entry: TrailEntry): string {
  let item = `{"guard":"${entry.guard}","verdict":"${entry.verdict}"${phaseMember(entry)}`
  if (entry.mode !== 'enforce') item += `,"mode":"${entry.mode}"`
  if (entry.code !== undefined) item += `,"code":"${entry.code}"`
  if (entry.note !== undefined)
    item += `,"note":${entry.verdict === 'pass' ? quote(entry.note) : quoteReason(entry.note)}`
  return `${item},"us":`
}

function phaseMember({ phase }: TrailEntry): string {
  return phase === 'request' ? '' : `,"phase":"${phase}"`
}

/** An entry up to its time: as the first one, as a later one behind the end of the one before, and up to its note. */
interface WrittenPass {
  readonly first: Uint8Array
  readonly next: Uint8Array
  readonly noted: Uint8Array
}

const plainPasses: Readonly<Record<TrailEntry['phase'], Map<string, WrittenPass>>> = {
  request: new Map(),
  'request-body': new Map(),
  response: new Map(),
  'response-body': new Map(),
}

// Most entries are this one, and there are only as many as guards and phases.
function plainPass(entry: TrailEntry): WrittenPass {
  const { guard, phase } = entry
  const known = plainPasses[phase].get(guard)
  if (known !== undefined) return known
  const text = `{"guard":"${guard}","verdict":"pass"${phaseMember(entry)}`
  const written = {
    first: toBytes(`${text},"us":`),
    next: toBytes(`},${text},"us":`),
    noted: toBytes(`},${text},"note":`),
  }
  plainPasses[phase].set(guard, written)
  return written
}

let latestTime = 0
let latestTimeMember = ''
let latestSecond = 0
let latestSecondText = ''

// Many exchanges end within one second, and some within one millisecond.
function timeMember(time: number): string {
  if (time === latestTime) return latestTimeMember
  const second = Math.floor(time / 1_000)
  if (second !== latestSecond) {
    latestSecond = second
    latestSecondText = `{"time":"${new Date(second * 1_000).toISOString().slice(0, -4)}`
  }
  const milliseconds = Math.floor(time - second * 1_000)
  latestTime = time
  latestTimeMember = `${latestSecondText}${String(milliseconds).padStart(3, '0')}Z`
  return latestTimeMember
}

const writtenRoutes = new WeakMap<Route, Uint8Array>()

function routeMembers(route: Route): Uint8Array {
  const known = writtenRoutes.get(route)
  if (known !== undefined) return known
  const written = toBytes(`","api":${quote(route.api)},"operation":${quote(route.operationId)},"method":`)
  writtenRoutes.set(route, written)
  return written
}

const mostReasons = 1_000
const longestKeptReason = 100
const quotedReasons = new Map<string, string>()

// Rules and guards say the same things again and again. A short reason may name a field of a request, and is kept until a thousand
// others came.
function quoteReason(reason: string): string {
  const known = quotedReasons.get(reason)
  if (known !== undefined) return known
  const quoted = quote(redact(reason.slice(0, 4_096)))
  if (reason.length <= longestKeptReason) {
    if (quotedReasons.size >= mostReasons) quotedReasons.clear()
    quotedReasons.set(reason, quoted)
  }
  return quoted
}

// Values of a query may be anybody's data; its names say enough about what was asked.
function queryNames(query: string): string {
  return query.slice(0, 1_000).replace(/=[^&]*/g, '')
}
