import type { Report } from '../../2-check/report.ts'
import { isRecord } from '../../pointer/is-record.ts'
import { childPointer } from '../../pointer/json-pointer.ts'
import { resolve } from '../../pointer/resolve.ts'
import type { JsonType, SchemaCompiler } from '../schema/schema-compiler.ts'

/** What reading a text needs to know of a schema: types, never rules. */
export interface SchemaTypes {
  typesOf(pointer: string): ReadonlySet<JsonType>
  itemPointer(pointer: string): string | undefined
  propertyPointers(pointer: string): ReadonlyMap<string, string>
  /** The schema of properties without a name of their own; empty where `additionalProperties: true` says any. */
  restPointer(pointer: string): string | undefined
  /** Told of a schema inside a list or object whose values no style can write, so that all of them are refused. */
  unreadable(pointer: string): void
}

const anyType: ReadonlySet<JsonType> = new Set([
  'null',
  'boolean',
  'integer',
  'number',
  'string',
  'array',
  'object',
])

/** Asks the schema compiler for types; the empty pointer, where there is no schema, means any. */
export function createSchemaTypes(root: unknown, schemas: SchemaCompiler, report: Report): SchemaTypes {
  return {
    typesOf: (pointer) => (pointer === '' ? anyType : schemas.typesOf(pointer)),
    itemPointer: (pointer) => (pointer === '' ? undefined : schemas.itemPointer(pointer)),
    propertyPointers: (pointer) => (pointer === '' ? new Map() : schemas.propertyPointers(pointer)),
    restPointer: (pointer) => restPointer(root, pointer),
    unreadable: (pointer) => {
      report.warning(pointer, {
        code: 'unreadable-value',
        message: 'a list or object inside of another cannot be written in this style: every value is refused',
        fix: 'use "content" with application/json, or the style deepObject',
      })
    },
  }
}

function restPointer(root: unknown, pointer: string): string | undefined {
  if (pointer === '') return undefined
  const schema = resolve(root, pointer)
  const rest = schema?.value['additionalProperties']
  if (schema === undefined || rest === undefined || rest === false) {
    // An object without any declared property is free-form.
    return schema !== undefined && rest === undefined && isFreeForm(schema.value) ? '' : undefined
  }
  return isRecord(rest) && Object.keys(rest).length > 0
    ? childPointer(schema.pointer, 'additionalProperties')
    : ''
}

function isFreeForm(schema: Readonly<Record<string, unknown>>): boolean {
  return (
    schema['type'] === 'object' &&
    !['properties', 'allOf', 'oneOf', 'anyOf', 'patternProperties'].some((keyword) => keyword in schema)
  )
}
