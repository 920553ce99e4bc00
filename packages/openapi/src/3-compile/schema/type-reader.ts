import type { CompositionReader } from './composition.ts'
import type { Dialect } from './dialect.ts'
import { isObject } from './is-object.ts'
import { isSchema } from './keyword-shapes.ts'
import type { JsonType, SchemaCompiler } from './schema-compiler.ts'
import type { Place, SchemaSource } from './schema-source.ts'

const allTypes: ReadonlySet<JsonType> = new Set([
  'null',
  'boolean',
  'integer',
  'number',
  'string',
  'array',
  'object',
])

/** Answers what a schema says of types, items and properties, for readers that must build a value from text. */
export function createTypeReader(
  source: SchemaSource,
  dialect: Dialect,
  compositions: CompositionReader,
): Pick<SchemaCompiler, 'typesOf' | 'itemPointer' | 'propertyPointers'> {
  function typesAt(place: Place, path: ReadonlySet<Place>): ReadonlySet<JsonType> {
    // A schema that is reached from itself says nothing new of the same value.
    if (path.has(place) || place.schema === true) return allTypes
    if (!isObject(place.schema)) return new Set()
    const inner = new Set([...path, place])
    const { schema } = place
    let types = narrow(ownTypes(schema), dialect, schema)
    for (const part of compositions.inPlace(place).always) types = common(types, typesAt(part, inner))
    for (const keyword of ['anyOf', 'oneOf']) {
      const list = schema[keyword]
      if (!Array.isArray(list)) continue
      const any = new Set<JsonType>()
      for (const at of list.keys())
        for (const type of typesAt(source.child(place, keyword, at), inner)) any.add(type)
      types = common(types, any)
    }
    return types
  }

  function declarations(pointer: string): readonly Place[] {
    const found = new Set(compositions.always(source.place(pointer)))
    for (const place of found) {
      const { always, sometimes } = compositions.inPlace(place)
      for (const part of [...always, ...sometimes]) found.add(part)
    }
    return [...found]
  }

  return {
    typesOf: (pointer) => (pointer === '' ? allTypes : typesAt(source.place(pointer), new Set())),
    itemPointer(pointer) {
      const holder = declarations(pointer).find(({ schema }) => isObject(schema) && isSchema(schema['items']))
      return holder === undefined ? undefined : source.child(holder, 'items').pointer
    },
    propertyPointers(pointer) {
      const pointers = new Map<string, string>()
      for (const place of declarations(pointer)) {
        const properties = isObject(place.schema) ? place.schema['properties'] : undefined
        for (const name of Object.keys(isObject(properties) ? properties : {}))
          if (!pointers.has(name)) pointers.set(name, source.child(place, 'properties', name).pointer)
      }
      return pointers
    },
  }
}

function ownTypes(schema: Readonly<Record<string, unknown>>): ReadonlySet<JsonType> {
  const { type } = schema
  if (type === undefined) return typesOfValues(schema)
  const named = new Set((Array.isArray(type) ? type : [type]).filter(isType))
  // Every integer is a number (JSON Schema 2020-12 validation, section 6.1.1).
  return named.has('number') ? named.add('integer') : named
}

function narrow(
  types: ReadonlySet<JsonType>,
  dialect: Dialect,
  schema: Readonly<Record<string, unknown>>,
): ReadonlySet<JsonType> {
  if (!dialect.isDraft4 || schema['nullable'] !== true || schema['type'] === undefined) return types
  return new Set([...types, 'null'])
}

// Without a type the listed values say which types there are.
function typesOfValues(schema: Readonly<Record<string, unknown>>): ReadonlySet<JsonType> {
  const values: unknown = 'const' in schema ? [schema['const']] : schema['enum']
  return Array.isArray(values) && values.length > 0 ? new Set(values.flatMap(typesOfValue)) : allTypes
}

function typesOfValue(value: unknown): JsonType[] {
  if (value === null) return ['null']
  if (Array.isArray(value)) return ['array']
  if (typeof value === 'number') return Number.isInteger(value) ? ['integer', 'number'] : ['number']
  const type = typeof value
  return isType(type) ? [type] : []
}

function common(left: ReadonlySet<JsonType>, right: ReadonlySet<JsonType>): ReadonlySet<JsonType> {
  return new Set([...left].filter((type) => right.has(type)))
}

function isType(value: unknown): value is JsonType {
  return allTypes.has(value as JsonType)
}
