import type { ByteString } from '../language/bytes.ts'
import { trimBlanks } from './blanks.ts'
import type { BodyReader } from './body-reading.ts'
import { readingOf } from './body-reading.ts'
import { readUrlEncoded } from './form/read-url-encoded.ts'
import { readGraphQl } from './graphql/read-graph-ql.ts'
import { readJson } from './json/read-json.ts'
import { readMultipart } from './multipart/read-multipart.ts'
import { readUndeclared } from './read-undeclared.ts'
import { readXml } from './xml/read-xml.ts'

/** A reader of bodies under the name that `REQBODY_PROCESSOR` and `ctl:requestBodyProcessor` have for it. */
export interface BodyProcessor {
  readonly name: ByteString
  readonly read: BodyReader
}

/**
 * The reader for a body: the one that `forced` names, in any case, or else the one for the media type. `undefined` where
 * there is none for it: the body is then for rules to see as `REQUEST_BODY`, never to be let through unseen. `AUTO`, which
 * rules alone can choose, reads a body as what it looks like.
 *
 * Where two fields named two types, the first that has a reader counts, and every reading with it fails besides: the
 * backend may go by the other.
 *
 * @param contentType the value of the `Content-Type` field, several joined by commas, empty where there was none
 * @param forced the argument of `ctl:requestBodyProcessor`
 */
export function chooseBodyReader(contentType: string, forced?: string): BodyProcessor | undefined {
  const declared = declaredProcessor(contentType)
  if (forced === undefined) return declared
  const name = forced.toUpperCase()
  // A rule that names what the type says already does not settle which of two types the backend goes by.
  return declared?.name === name ? declared : processors.get(name)
}

/** Whether `ctl:requestBodyProcessor` may name it, in any case. */
export function isBodyProcessor(name: string): boolean {
  return processors.has(name.toUpperCase())
}

const processors: ReadonlyMap<string, BodyProcessor> = new Map(
  Object.entries({
    URLENCODED: readUrlEncoded,
    MULTIPART: readMultipart,
    JSON: readJson,
    XML: readXml,
    GRAPHQL: readGraphQl,
    AUTO: readUndeclared,
  }).map(([name, read]) => [name, { name: name as ByteString, read }]),
)

const doubtfulProcessors: ReadonlyMap<string, BodyProcessor> = new Map(
  [...processors].map(([name, { name: bytes, read }]) => [name, { name: bytes, read: doubtful(read) }]),
)

function doubtful(read: BodyReader): BodyReader {
  return (body, limits, sink, contentType) => {
    const reading = read(body, limits, sink, contentType)
    return reading.kind === 'failed' ? reading : readingOf('more than one media type')
  }
}

const typeAfterComma = /,[ \t]*[A-Za-z0-9!#$&^_.+-]+\/[^,]*/g

const byMediaType: ReadonlyMap<string, string> = new Map([
  ['application/x-www-form-urlencoded', 'URLENCODED'],
  ['multipart/form-data', 'MULTIPART'],
  ['application/json', 'JSON'],
  ['text/json', 'JSON'],
  ['application/x-json', 'JSON'],
  ['application/csp-report', 'JSON'],
  ['application/xml', 'XML'],
  ['text/xml', 'XML'],
  ['application/graphql', 'GRAPHQL'],
])

const knownTypes = new Map<string, BodyProcessor>()
const mostKnownTypes = 500
const longestKnownType = 100

// Clients use a handful of types; the bounds keep one that invents them from filling memory.
function declaredProcessor(contentType: string): BodyProcessor | undefined {
  const known = knownTypes.get(contentType)
  if (known !== undefined) return known
  const found = findProcessor(contentType)
  if (found !== undefined && contentType.length <= longestKnownType) {
    if (knownTypes.size >= mostKnownTypes) knownTypes.clear()
    knownTypes.set(contentType, found)
  }
  return found
}

function findProcessor(contentType: string): BodyProcessor | undefined {
  const name = processorFor(contentType)
  const comma = contentType.indexOf(',')
  if (comma === -1) return name === undefined ? undefined : processors.get(name)
  const others = contentType.slice(comma).match(typeAfterComma) ?? []
  const names = [name, ...others.map((other) => processorFor(other.slice(1)))]
  const chosen = names.find((name) => name !== undefined)
  if (chosen === undefined) return undefined
  return names.every((name) => name === chosen) ? processors.get(chosen) : doubtfulProcessors.get(chosen)
}

function processorFor(contentType: string): string | undefined {
  const text = trimBlanks(contentType)
  // A blank ends the type as well: backends read `multipart/form-data boundary=x` as if a semicolon stood there.
  const end = text.search(/[;, \t]/)
  const mediaType = (end === -1 ? text : text.slice(0, end)).toLowerCase()
  return byMediaType.get(mediaType) ?? bySuffix(mediaType)
}

/** RFC 6839: `application/problem+json` is JSON, `image/svg+xml` is XML. */
function bySuffix(mediaType: string): string | undefined {
  if (mediaType.endsWith('+json')) return 'JSON'
  return mediaType.endsWith('+xml') ? 'XML' : undefined
}
