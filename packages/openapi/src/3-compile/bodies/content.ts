import type { LoadedDocument } from '../../1-load/loaded-document.ts'
import type { Report } from '../../2-check/report.ts'
import type { BodyFormat, BodySchema } from '../../contract.ts'
import { isRecord } from '../../pointer/is-record.ts'
import { childPointer } from '../../pointer/json-pointer.ts'
import type { Resolved } from '../../pointer/resolve.ts'
import { resolve } from '../../pointer/resolve.ts'
import type { Direction, SchemaCompiler } from '../schema/schema-compiler.ts'
import { compileForm } from './form-reader.ts'
import { itemsOf } from './items.ts'
import { formatOf, isReadable, readMediaType } from './media-type.ts'

/** What `content` maps are compiled with. */
export interface ContentSource {
  readonly document: LoadedDocument
  readonly schemas: SchemaCompiler
  readonly report: Report
}

/** A compiled `content` map: the media types as written, and the choice among them. */
export interface Content {
  readonly mediaTypes: readonly string[]
  readonly match: (contentType: string) => BodySchema | undefined
  readonly classified: readonly BodySchema[]
}

/** The schemas of a declared media type: one, or one for each format where it is a range. */
type Formats = ReadonlyMap<BodyFormat, BodySchema>

const allFormats: readonly BodyFormat[] = ['json', 'ndjson', 'form', 'multipart', 'text', 'binary', 'xml']
const maxRemembered = 64

/** Compiles the `content` of a request body or response. A Content-Type matches exactly, then `type/*`, then any. */
export function compileContent(owner: Resolved, direction: Direction, source: ContentSource): Content {
  const content = owner.value['content']
  const mediaTypes = isRecord(content) ? Object.keys(content) : []
  const declared = new Map<string, Formats>()
  for (const mediaType of mediaTypes) {
    const pointer = childPointer(childPointer(owner.pointer, 'content'), mediaType)
    const key = keyOf(mediaType)
    if (key === undefined) {
      const message = `"${mediaType}" is no media type, and nothing will match it`
      source.report.warning(pointer, { code: 'bad-media-type', message, fix: 'write application/json, say' })
      continue
    }
    declared.set(key, compileFormats(mediaType, key, pointer, direction, source))
  }
  const classified = [...declared.values()]
    .flatMap((formats) => Array.from(formats.values()))
    .filter((body) => body.classified !== undefined)
  return { mediaTypes, match: rememberingMatch(declared), classified }
}

/** The essence, with the parameters in a fixed order where the document distinguishes by them. */
function keyOf(mediaType: string): string | undefined {
  const read = readMediaType(mediaType)
  if (read === undefined) return undefined
  const parameters = [...read.parameters]
    .filter(([name]) => name !== 'charset')
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
  return [read.essence, ...parameters.map(([name, value]) => `${name}=${value}`)].join(';')
}

/** The same few Content-Types come with every request: what they match is remembered, for at most 64 texts. */
function rememberingMatch(declared: ReadonlyMap<string, Formats>): Content['match'] {
  const remembered = new Map<string, BodySchema | undefined>()
  return (contentType) => {
    const known = remembered.get(contentType)
    if (known !== undefined) return known
    const found = matchContentType(contentType, declared)
    if (found !== undefined && remembered.size < maxRemembered) remembered.set(contentType, found)
    return found
  }
}

function matchContentType(
  contentType: string,
  declared: ReadonlyMap<string, Formats>,
): BodySchema | undefined {
  const read = readMediaType(contentType)
  const exact = keyOf(contentType)
  if (read === undefined || exact === undefined) return undefined
  const [type = ''] = read.essence.split('/')
  const format = formatOf(read.essence)
  for (const key of [exact, read.essence, `${type}/*`, '*/*']) {
    const body = declared.get(key)?.get(format)
    if (body !== undefined) return isReadable(read, body.format, body.constrained) ? body : undefined
  }
  return undefined
}

function compileFormats(
  mediaType: string,
  key: string,
  pointer: string,
  direction: Direction,
  source: ContentSource,
): Formats {
  const [essence = ''] = key.split(';')
  const formats = essence.endsWith('/*') ? allFormats : [formatOf(essence)]
  const object = resolve(source.document.root, pointer)
  const compiled = new Map<BodyFormat, BodySchema>()
  for (const format of formats) {
    compiled.set(format, compileBody(mediaType, format, object, direction, source))
  }
  const schema = object === undefined ? '' : schemaPointer(object, formatOf(essence), source.document.root)
  if (schema !== '' && formatOf(essence) === 'xml') {
    source.report.warning(pointer, {
      code: 'unchecked-body',
      message: `the schema of ${mediaType} is not checked: XML bodies are passed on as they are`,
    })
  }
  return compiled
}

function compileBody(
  mediaType: string,
  format: BodyFormat,
  object: Resolved | undefined,
  direction: Direction,
  source: ContentSource,
): BodySchema {
  const { root } = source.document
  const pointer = object === undefined ? '' : schemaPointer(object, format, root)
  const body = source.schemas.compileBody(pointer, { mediaType, format, direction })
  const isForm = (format === 'form' || format === 'multipart') && direction === 'request'
  const isList = format === 'json' && direction === 'response' && body.classified !== undefined
  const readForm =
    isForm && object !== undefined && pointer !== '' ? compileForm(pointer, object, source) : undefined
  return {
    mediaType: body.mediaType,
    format: body.format,
    constrained: body.constrained,
    sanitizes: body.sanitizes,
    classified: body.classified,
    items: isList ? compileItems(itemsOf(root, pointer), body, source) : undefined,
    placeOf: (part) => body.placeOf(part),
    validate: (value) => body.validate(value),
    project: (value, scopes) => body.project(value, scopes),
    sanitize: (value) => body.sanitize(value),
    readForm,
  }
}

function compileItems(
  pointer: string | undefined,
  { mediaType, classified }: Pick<BodySchema, 'mediaType' | 'classified'>,
  { schemas }: ContentSource,
): BodySchema | undefined {
  if (pointer === undefined || classified?.items === undefined) return undefined
  const item = schemas.compileBody(pointer, { mediaType, format: 'json', direction: 'response' })
  return { ...item, classified: classified.items, items: undefined, readForm: undefined }
}

/**
 * A stream of JSON texts is checked text by text: by `itemSchema` (OpenAPI 3.2), else by the items of a schema that describes
 * the stream as a list, else by the schema itself.
 */
function schemaPointer({ value, pointer }: Resolved, format: BodyFormat, root: unknown): string {
  if (format === 'ndjson' && value['itemSchema'] !== undefined) return childPointer(pointer, 'itemSchema')
  if (value['schema'] === undefined || value['schema'] === null) return ''
  const schema = childPointer(pointer, 'schema')
  return format === 'ndjson' ? (itemsOf(root, schema) ?? schema) : schema
}
