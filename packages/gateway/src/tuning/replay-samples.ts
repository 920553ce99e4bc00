import { setImmediate } from 'node:timers/promises'
import { readRawRequest, readSampleSets, type FieldPolicy, type Waf } from '@gateward/waf'
import { tryRequest } from './try-request.ts'
import type { Proposal } from './tuner.ts'

/** What the rules that an exclusion leaves at its place still catch there. */
export interface Replay {
  /** Attack samples that are caught there now, and with the exclusion. */
  readonly caughtNow: number
  readonly caughtThen: number
  /** How many of each kind are no longer. */
  readonly lost: Readonly<Record<string, number>>
}

/** Milliseconds after which whatever else the process has to do comes first. */
const turn = 5

/**
 * Puts every built-in attack sample where a proposal is about, and asks the rules with and without it, a few at a time;
 * `undefined` where a sample has no way there.
 */
export async function replaySamples(engine: Waf, proposal: Proposal): Promise<Replay | undefined> {
  const { policy } = engine.fieldPolicy({
    exclusions: [{ rules: proposal.rules.map(String), fields: [proposal.field] }],
  })
  if (buildRequest(proposal, 'x') === undefined) return undefined
  const lost: Record<string, number> = {}
  let caughtNow = 0
  let caughtThen = 0
  let turnEnds = performance.now() + turn
  for (const { kind, values } of readSampleSets()) {
    if (kind === 'harmless') continue
    for (const value of values) {
      if (performance.now() > turnEnds) {
        await setImmediate()
        turnEnds = performance.now() + turn
      }
      const request = buildRequest(proposal, value)
      if (request === undefined || !isCaught(engine, request, undefined)) continue
      caughtNow++
      if (isCaught(engine, request, policy)) caughtThen++
      else lost[kind] = (lost[kind] ?? 0) + 1
    }
  }
  return { caughtNow, caughtThen, lost }
}

function isCaught(engine: Waf, request: Buffer, policy: FieldPolicy | undefined): boolean {
  return tryRequest(engine, readRawRequest(request), policy).verdict === 'block'
}

/** A request with the value, as bytes, in the field; everything else in it is harmless. */
function buildRequest({ method, path, field }: Proposal, value: string): Buffer | undefined {
  const [, place, name = ''] = /^(query|body|cookie|header) (.+)$/s.exec(field) ?? []
  switch (place) {
    case 'query':
      return toRequest(method, `${path}?${encode(name)}=${encode(value)}`, [], '')
    case 'cookie':
      return toRequest(method, path, [`Cookie: ${name}=${encode(value)}`], '')
    case 'header':
      return toRequest(method, path, [`${name}: ${value.replace(/[\r\n]/g, ' ')}`], '')
    case 'body':
      return name.startsWith('/')
        ? toRequest(method, path, ['Content-Type: application/json'], toJson(name, value))
        : toRequest(
            method,
            path,
            ['Content-Type: application/x-www-form-urlencoded'],
            `${encode(name)}=${encode(value)}`,
          )
    default:
      return undefined
  }
}

function toRequest(method: string, target: string, fields: readonly string[], body: string): Buffer {
  const head = [
    `${method} ${target} HTTP/1.1`,
    'Host: localhost',
    'User-Agent: tune',
    'Accept: */*',
    ...fields,
  ]
  const length = body === '' ? [] : [`Content-Length: ${body.length}`]
  return Buffer.from([...head, ...length, '', body].join('\r\n'), 'latin1')
}

/** Bytes become the characters that they encode, which is what a JSON text holds. */
function toJson(pointer: string, value: string): string {
  const text = Buffer.from(value, 'latin1').toString('utf8')
  const tokens = pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
  const document = tokens.reduceRight<unknown>(
    (inner, token) => (token === '*' ? [inner] : { [token]: inner }),
    text,
  )
  return Buffer.from(JSON.stringify(document)).toString('latin1')
}

/** Percent-encodes bytes. */
function encode(bytes: string): string {
  return bytes.replace(/[^A-Za-z0-9_.~-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
