import type { ByteString } from '../language/bytes.ts'
import { trimBlanks } from './blanks.ts'
import type { BodyReader } from './body-reading.ts'
import { readUrlEncoded } from './form/read-url-encoded.ts'
import { readGraphQl } from './graphql/read-graph-ql.ts'
import { readJson } from './json/read-json.ts'
import { readMultipart } from './multipart/read-multipart.ts'
import { readXml } from './xml/read-xml.ts'

/** A reader of bodies under the name that `REQBODY_PROCESSOR` and `ctl:requestBodyProcessor` have for it. */
export interface BodyProcessor {
  readonly name: ByteString
  readonly read: BodyReader
}

/**
 * The reader for a body: the one that `forced` names, in any case, or else the one for the media type. `undefined` where
 * there is none for it: the body is then for rules to see as `REQUEST_BODY`, never to be let through unseen.
 *
 * @param contentType the value of the `Content-Type` field, empty where there was none
 * @param forced the argument of `ctl:requestBodyProcessor`
 */
export function chooseBodyReader(contentType: string, forced?: string): BodyProcessor | undefined {
  if (forced !== undefined) return processors.get(forced.toUpperCase())
  const mediaType = mediaTypeOf(contentType)
  const name = byMediaType.get(mediaType) ?? bySuffix(mediaType)
  return name === undefined ? undefined : processors.get(name)
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
  }).map(([name, read]) => [name, { name: name as ByteString, read }]),
)

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

/** RFC 6839: `application/problem+json` is JSON, `image/svg+xml` is XML. */
function bySuffix(mediaType: string): string | undefined {
  if (mediaType.endsWith('+json')) return 'JSON'
  return mediaType.endsWith('+xml') ? 'XML' : undefined
}

function mediaTypeOf(contentType: string): string {
  // A comma too: where two fields were joined, the first is what most backends go by.
  const end = contentType.search(/[;,]/)
  return trimBlanks(end === -1 ? contentType : contentType.slice(0, end)).toLowerCase()
}
