import type { LoadedDocument } from '../../1-load/loaded-document.ts'
import type { Report } from '../../2-check/report.ts'
import type { Violation } from '../../contract.ts'
import { isRecord } from '../../pointer/is-record.ts'
import { childPointer } from '../../pointer/json-pointer.ts'
import type { Resolved } from '../../pointer/resolve.ts'
import { resolve } from '../../pointer/resolve.ts'
import type { SchemaCompiler } from '../schema/schema-compiler.ts'
import type { Decode } from './decode.ts'
import { decodeForm, decodePercent, trimField } from './decode.ts'
import { readJsonText } from './json-text.ts'
import type { NamedValue } from './named-value.ts'
import { Refusal } from './refusal.ts'
import type { Style } from './style.ts'
import type { SchemaTypes } from './typed.ts'
import { createSchemaTypes } from './typed.ts'
import type { WireValue } from './wire-value.ts'
import { compileWireValue } from './wire-value.ts'

/** The places of a Parameter Object; `querystring` is the query as a whole (OpenAPI 3.2). */
export type ParameterPlace = 'path' | 'query' | 'querystring' | 'header' | 'cookie'

/** A Parameter Object with its references followed and its defaults filled in. */
export interface ParameterDeclaration {
  readonly name: string
  readonly place: ParameterPlace
  readonly object: Resolved
}

const noContent: WireValue = {
  single: [(raw) => raw],
  repeated: undefined,
  deep: undefined,
  properties: undefined,
  rest: undefined,
}

/** Compiles one parameter: how it is read, by style or media type, and what its schema says. */
export function compileParameter(
  { name, place, object }: ParameterDeclaration,
  document: LoadedDocument,
  schemas: SchemaCompiler,
  report: Report,
): NamedValue {
  const { value, pointer } = object
  const violationPlace: Violation['in'] = place === 'querystring' ? 'query' : place
  const media = mediaTypeOf(object, document.root)
  const schema = media === undefined ? schemaPointer(object) : media.schema
  return {
    name,
    address: { in: violationPlace, pointer: name, position: document.positionOf(pointer) },
    required: place === 'path' || value['required'] === true,
    emptyPasses: place === 'query' && value['allowEmptyValue'] === true,
    wire:
      media === undefined
        ? wireByStyle(name, place, value, schema, createSchemaTypes(document.root, schemas, report))
        : wireByMediaType(media.type, place),
    check: schema === '' ? undefined : schemas.compileValue(schema, violationPlace, name),
  }
}

function wireByStyle(
  name: string,
  place: ParameterPlace,
  value: Readonly<Record<string, unknown>>,
  schema: string,
  types: SchemaTypes,
): WireValue {
  const style = styleOf(value, place)
  const explode =
    typeof value['explode'] === 'boolean' ? value['explode'] : style === 'form' || style === 'cookie'
  const together = place === 'query' || place === 'cookie'
  const wire = compileWireValue(schema, { style, explode, name }, decoderOf(place, style), types, together)
  // A browser sends every cookie it has: names that nobody declared belong to no object.
  return place === 'cookie' ? { ...wire, rest: undefined } : wire
}

/** `content` instead of `schema`: the text is a document of that media type. */
function wireByMediaType(type: string, place: ParameterPlace): WireValue {
  const decode = decoderOf(place, 'form')
  const read = /[/+]json\b/i.test(type) ? readJsonText : (text: string) => text
  return {
    ...noContent,
    single: [
      (raw) => {
        const text = decode(raw)
        return text instanceof Refusal ? text : read(text)
      },
    ],
  }
}

function styleOf(value: Readonly<Record<string, unknown>>, place: ParameterPlace): Style {
  if (typeof value['style'] === 'string') return value['style'] as Style
  return place === 'path' || place === 'header' ? 'simple' : 'form'
}

function decoderOf(place: ParameterPlace, style: Style): Decode {
  if (place === 'header' || style === 'cookie') return trimField
  return place === 'query' ? decodeForm : decodePercent
}

/** Where the schema of a parameter stands; empty where there is none. */
export function schemaPointer({ value, pointer }: Resolved): string {
  return value['schema'] === undefined || value['schema'] === null ? '' : childPointer(pointer, 'schema')
}

/** The one media type of a parameter's `content`, with the pointer of its schema. */
export function mediaTypeOf(
  { value, pointer }: Resolved,
  root: unknown,
): { readonly type: string; readonly schema: string; readonly object: Resolved } | undefined {
  const content = value['content']
  const [type] = isRecord(content) ? Object.keys(content) : []
  if (type === undefined) return undefined
  const object = resolve(root, childPointer(childPointer(pointer, 'content'), type))
  return object === undefined ? undefined : { type, schema: schemaPointer(object), object }
}
