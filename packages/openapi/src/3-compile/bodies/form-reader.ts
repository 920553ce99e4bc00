import type { LoadedDocument } from '../../1-load/loaded-document.ts'
import type { Report } from '../../2-check/report.ts'
import type { BodySchema } from '../../contract.ts'
import { isRecord } from '../../pointer/is-record.ts'
import { childPointer, escapeToken } from '../../pointer/json-pointer.ts'
import type { Resolved } from '../../pointer/resolve.ts'
import { resolve } from '../../pointer/resolve.ts'
import { keepText } from '../parameters/decode.ts'
import { readJsonText } from '../parameters/json-text.ts'
import { NameTable } from '../parameters/name-table.ts'
import type { NamedValue } from '../parameters/named-value.ts'
import { dangerousName } from '../parameters/refusal.ts'
import type { Style } from '../parameters/style.ts'
import type { SchemaTypes } from '../parameters/typed.ts'
import { createSchemaTypes } from '../parameters/typed.ts'
import { Violations } from '../parameters/violations.ts'
import type { WireValue } from '../parameters/wire-value.ts'
import { compileWireValue, readAll } from '../parameters/wire-value.ts'
import type { SchemaCompiler } from '../schema/schema-compiler.ts'

/** Reads the decoded fields of a form into one typed value. */
type FormReading = NonNullable<BodySchema['readForm']>

/** What forms are compiled with. */
interface FormSource {
  readonly document: LoadedDocument
  readonly schemas: SchemaCompiler
  readonly report: Report
}

/** The most fields that a form may have. */
const maxFields = 1000

/**
 * Compiles the reading of a form by the properties of its schema and by `encoding` (OpenAPI section Encoding
 * Object). Fields that no property declares are handed on as texts, for the schema to judge.
 */
export function compileForm(schema: string, mediaType: Resolved, source: FormSource): FormReading {
  const types = createSchemaTypes(source.document.root, source.schemas, source.report)
  const named = [...types.propertyPointers(schema)].map(([name, pointer]) =>
    compileField(name, pointer, encodingOf(mediaType, name, source.document), source, types),
  )
  const table = new NameTable(named)
  return (fields) => {
    const violations = new Violations()
    const value: Record<string, unknown> = {}
    const collected = table.start()
    if (fields.length > maxFields) {
      violations.add(addressOf(''), 'maxProperties', `the form has more than ${maxFields} fields`)
      return { value, violations: violations.list }
    }
    for (const [name, text] of fields) {
      const taken = table.take(collected, name, text)
      if (taken === 'dangerous') violations.refuse(addressOf(name), dangerousName, name)
      else if (taken === 'unknown') addLoose(value, name, text)
    }
    table.read(collected, value, violations)
    return { value, violations: violations.list }
  }
}

function compileField(
  name: string,
  pointer: string,
  encoding: Readonly<Record<string, unknown>>,
  { document, schemas }: FormSource,
  types: SchemaTypes,
): NamedValue {
  const wire = compileFieldWire(name, pointer, encoding, types)
  const ambiguous = wire.single.length + (wire.repeated === undefined ? 0 : 1) > 1
  return {
    name,
    address: { ...addressOf(name), position: document.positionOf(pointer) },
    required: false,
    emptyPasses: false,
    wire,
    // The whole form is validated afterwards; a field's own schema only decides between several readings.
    check: ambiguous ? schemas.compileValue(pointer, 'body', `/${escapeToken(name)}`) : undefined,
  }
}

function compileFieldWire(
  name: string,
  pointer: string,
  encoding: Readonly<Record<string, unknown>>,
  types: SchemaTypes,
): WireValue {
  const styled = ['style', 'explode', 'allowReserved'].some((field) => field in encoding)
  const contentType = encoding['contentType']
  const json = typeof contentType === 'string' && /[/+]json\b/i.test(contentType)
  const byDefault = !styled && contentType === undefined
  // Objects without a style are JSON, and lists of them one field each (OpenAPI 3.0.4 section 4.8.15.1).
  if (
    byDefault &&
    isOnly('array', pointer, types) &&
    isOnly('object', types.itemPointer(pointer) ?? '', types)
  ) {
    return { ...jsonField, single: [], repeated: (raws) => readAll(raws, readJsonText) }
  }
  if (byDefault && isOnly('object', pointer, types)) return withBrackets(name, pointer, types)
  if (!styled && json) return withBrackets(name, pointer, types)
  const style = typeof encoding['style'] === 'string' ? (encoding['style'] as Style) : 'form'
  const explode = typeof encoding['explode'] === 'boolean' ? encoding['explode'] : style === 'form'
  return compileWireValue(pointer, { style, explode, name }, keepText, types, true)
}

/** A JSON field; `name[key]=value` is read as well, as the clients of many form libraries send objects. */
function withBrackets(name: string, pointer: string, types: SchemaTypes): WireValue {
  const { deep } = compileWireValue(
    pointer,
    { style: 'deepObject', explode: true, name },
    keepText,
    types,
    true,
  )
  return { ...jsonField, deep }
}

const jsonField: WireValue = {
  single: [readJsonText],
  repeated: undefined,
  deep: undefined,
  properties: undefined,
  rest: undefined,
}

function isOnly(type: 'array' | 'object', pointer: string, types: SchemaTypes): boolean {
  const kinds = types.typesOf(pointer)
  return kinds.has(type) && [...kinds].every((kind) => kind === type || kind === 'null')
}

function encodingOf(
  { value, pointer }: Resolved,
  name: string,
  document: LoadedDocument,
): Readonly<Record<string, unknown>> {
  const { encoding } = value
  if (!isRecord(encoding) || !Object.hasOwn(encoding, name)) return {}
  return resolve(document.root, childPointer(childPointer(pointer, 'encoding'), name))?.value ?? {}
}

function addLoose(value: Record<string, unknown>, name: string, text: string): void {
  const present = Object.hasOwn(value, name) ? value[name] : undefined
  if (present === undefined) value[name] = text
  else value[name] = Array.isArray(present) ? [...(present as unknown[]), text] : [present, text]
}

function addressOf(name: string) {
  return { in: 'body', pointer: name === '' ? '' : `/${escapeToken(name)}`, position: undefined } as const
}
