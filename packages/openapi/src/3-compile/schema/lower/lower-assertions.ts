import type { Dialect } from '../dialect.ts'
import { knownFormats } from '../formats.ts'
import type { Place } from '../schema-source.ts'
import type { LoweringContext } from './lower-schema.ts'
import type { LoweredObject, Use } from './lowered-schema.ts'
import { isLegal, push, refuse } from './write-lowered.ts'

/** Keywords that mean in the validator what they mean in the contract. */
const plainKeywords = [
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'maxProperties',
  'minProperties',
  'maxContains',
  'minContains',
  'dependentRequired',
  'const',
] as const

/** Writes what a schema says of a value without looking into its parts. */
export function lowerAssertions(
  context: LoweringContext,
  place: Place,
  schema: Readonly<Record<string, unknown>>,
  use: Use,
  lowered: LoweredObject,
): void {
  const legal = (keyword: string): boolean => isLegal(context.dialect, schema, keyword)
  for (const keyword of plainKeywords) if (legal(keyword)) lowered[keyword] = schema[keyword]
  if (legal('type')) lowered['type'] = lowerType(context.dialect, schema)
  if (legal('multipleOf')) lowered['exactMultipleOf'] = schema['multipleOf']
  if (legal('format') && knownFormats.has(String(schema['format']))) lowered['format'] = schema['format']
  if (legal('enum')) lowerEnum(context, place, schema['enum'], lowered)
  lowerBound(context.dialect, schema, 'maximum', 'exclusiveMaximum', lowered)
  lowerBound(context.dialect, schema, 'minimum', 'exclusiveMinimum', lowered)
  if (legal('required') && Array.isArray(schema['required'])) {
    const required = schema['required'].filter((name) => !use.optional.includes(name))
    if (required.length > 0) lowered['required'] = [...new Set(required)]
  }
}

function lowerType(dialect: Dialect, schema: Readonly<Record<string, unknown>>): unknown {
  const { type } = schema
  if (!dialect.isDraft4 || schema['nullable'] !== true) return type
  return Array.isArray(type) ? [...new Set([...type, 'null'])] : [type, 'null']
}

function lowerEnum(context: LoweringContext, place: Place, values: unknown, lowered: LoweredObject): void {
  if (!Array.isArray(values)) return
  if (values.length > 0) lowered['enum'] = values
  else push(lowered, 'allOf', refuse(context, { pointer: `${place.pointer}/enum`, keyword: 'enum' }))
}

// Draft 4 writes a flag beside the bound, later drafts the bound itself. Documents mix them up, but each form can mean only one thing.
function lowerBound(
  dialect: Dialect,
  schema: Readonly<Record<string, unknown>>,
  bound: 'maximum' | 'minimum',
  exclusive: 'exclusiveMaximum' | 'exclusiveMinimum',
  lowered: LoweredObject,
): void {
  const flagOrBound = isLegal(dialect, schema, exclusive) ? schema[exclusive] : undefined
  if (isLegal(dialect, schema, bound)) lowered[flagOrBound === true ? exclusive : bound] = schema[bound]
  if (typeof flagOrBound === 'number') lowered[exclusive] = flagOrBound
}
