import type { ClassifiedParameter, Operation } from '@gateward/openapi'
import type { Exchange } from '../../exchange/exchange.ts'
import { TouchedData } from '../../exchange/touched-data.ts'
import type { FieldCiphers } from './compile-ciphers.ts'
import { isSealed, type FieldCipher } from './field-cipher.ts'

/** Replaces the classified parameters of a request by what the service can search by; false where one was refused. */
export type ReplaceParameters = (exchange: Exchange, tenant: string) => boolean

/** Compiles it for an operation; `undefined` where no parameter needs it. */
export function compileParameters(
  { parameters }: Operation,
  ciphers: FieldCiphers,
): ReplaceParameters | undefined {
  const replaced = parameters.classified.flatMap((parameter) => {
    const cipher = ciphers.get(parameter.field)
    if (cipher === undefined) return []
    return cipher.protection === 'off' && parameter.field.index === undefined ? [] : [{ parameter, cipher }]
  })
  if (replaced.length === 0) return undefined
  const query = new Map(
    replaced.filter(({ parameter }) => parameter.in === 'query').map((each) => [each.parameter.name, each]),
  )
  const path = replaced.filter(({ parameter }) => parameter.in === 'path')
  return (exchange, tenant) =>
    (path.length === 0 || replaceInPath(exchange, path, tenant)) &&
    (query.size === 0 || replaceInQuery(exchange, query, tenant))
}

interface Replacement {
  readonly parameter: ClassifiedParameter
  readonly cipher: FieldCipher
}

function replaceInQuery(
  exchange: Exchange,
  replaced: ReadonlyMap<string, Replacement>,
  tenant: string,
): boolean {
  const { query } = exchange.request
  if (query === '') return true
  const pairs = query.split('&')
  for (const [at, pair] of pairs.entries()) {
    const equals = pair.indexOf('=')
    const replacement = replaced.get(decodeForm(equals === -1 ? pair : pair.slice(0, equals)) ?? '')
    if (replacement === undefined) continue
    const values = toSearch(decodeForm(equals === -1 ? '' : pair.slice(equals + 1)), replacement, tenant)
    if (values === undefined) return false
    noteSearch(exchange, replacement)
    pairs[at] = writePairs(replacement.parameter, values)
  }
  exchange.forwardedQuery = pairs.join('&')
  return true
}

function replaceInPath(exchange: Exchange, replaced: readonly Replacement[], tenant: string): boolean {
  const { method, hasBody } = exchange.request
  const path = exchange.forwardedPath ?? exchange.request.path
  // Only what changes nothing may be asked for twice.
  const mayAskAgain = !hasBody && (method === 'GET' || method === 'HEAD')
  const segments = path.split('/')
  const texts: (readonly string[])[] = []
  for (const { parameter, cipher } of replaced) {
    const value = decode(segments[segments.length - parameter.segmentFromEnd] ?? '')
    if (value === undefined || isSealed(value)) return false
    texts.push(mayAskAgain ? cipher.searchTexts(value, tenant) : [cipher.searchText(value, tenant)])
    noteSearch(exchange, { parameter, cipher })
  }
  const most = Math.max(...texts.map(({ length }) => length))
  const paths = Array.from({ length: most }, (_, nth) => writePath(segments, replaced, texts, nth))
  exchange.forwardedPath = paths.shift()
  // What was written under keys before the active one stands at other paths.
  if (paths.length > 0) exchange.otherPaths = paths
  return true
}

function writePath(
  segments: readonly string[],
  replaced: readonly Replacement[],
  texts: readonly (readonly string[])[],
  nth: number,
): string {
  const written = [...segments]
  for (const [which, { parameter }] of replaced.entries()) {
    const own = texts[which] ?? []
    written[written.length - parameter.segmentFromEnd] = encodeURIComponent(own[nth] ?? own.at(-1) ?? '')
  }
  return written.join('/')
}

function noteSearch(exchange: Exchange, { parameter }: Replacement): void {
  ;(exchange.touched ??= new TouchedData()).add(parameter.field.class, 'searched')
}

function writePairs({ name, field, several }: ClassifiedParameter, values: readonly string[]): string {
  const key = `${encodeURIComponent(field.index ?? name)}=`
  const encoded = values.map(encodeURIComponent)
  return several === 'comma' ? key + encoded.join(',') : encoded.map((value) => key + value).join('&')
}

function decodeForm(text: string): string | undefined {
  return decode(text.replaceAll('+', ' '))
}

/** `undefined` where a text has no one reading; validation refuses those before, where it is on. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

// Whoever sends an envelope has seen one, and asks for somebody's value without knowing it.
function toSearch(
  value: string | undefined,
  { parameter, cipher }: Replacement,
  tenant: string,
): readonly string[] | undefined {
  if (value === undefined || isSealed(value)) return undefined
  if (parameter.several !== undefined) return cipher.searchTexts(value, tenant)
  return [cipher.searchText(value, tenant)]
}
