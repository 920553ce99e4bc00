import type { CompositionReader } from '../composition.ts'
import type { Dialect } from '../dialect.ts'
import { discriminatorOf } from '../discriminator.ts'
import { isObject } from '../is-object.ts'
import { isSchema } from '../keyword-shapes.ts'
import type { Direction } from '../schema-compiler.ts'
import type { Place, SchemaSource } from '../schema-source.ts'
import { closeComposition } from './close-composition.ts'
import { lowerAssertions } from './lower-assertions.ts'
import { lowerChoice, lowerFamily } from './lower-discriminator.ts'
import { lowerUnevaluatedItems } from './unevaluated-items.ts'
import type { Lowered, LoweredObject, Origin, Use } from './lowered-schema.ts'
import { optionalNames, refusedMark } from './visibility.ts'
import { isLegal, push, put, putProperty, refuse } from './write-lowered.ts'

/** What lowering needs to know, and where it asks for the schemas that are referred to. */
export interface LoweringContext {
  readonly source: SchemaSource
  readonly dialect: Dialect
  readonly direction: Direction
  readonly compositions: CompositionReader
  /** The reference by which the validator finds another use; schedules it for lowering if it is new. */
  readonly refer: (place: Place, use: Use) => LoweredObject
  /** Registers a test of a value that no keyword of the validator can express; the number is the value of `passes`. */
  readonly assert: (test: (value: unknown) => boolean) => number
  /** The check of another use, for such tests. */
  readonly checkOf: (place: Place, use: Use) => (value: unknown) => boolean
  /** Remembers what an object was made of. */
  readonly mark: (lowered: LoweredObject, origin: Origin) => LoweredObject
}

/**
 * Translates a schema of any of OpenAPI's dialects into JSON Schema 2020-12 for one direction: `nullable` and
 * draft 4's forms are rewritten, `readOnly` and `writeOnly` become refusals and absences, discriminators become
 * choices, and where the use is closed an object's undeclared members are refused. What has not the shape its
 * dialect asks for is left out: the checker has reported it.
 */
export function lowerSchema(context: LoweringContext, place: Place, use: Use): Lowered {
  const { schema } = place
  if (schema === false) return refuse(context, { pointer: place.pointer, keyword: 'false' })
  if (!isObject(schema)) return use.bare ? { additionalProperties: true } : true
  const discriminator = discriminatorOf(context.source, context.dialect, place)
  if (discriminator?.inherited === true && use.role === 'root')
    return lowerFamily(context, place, discriminator, use)
  const own = { ...use, optional: use.role === 'member' ? use.optional : optionalNames(context, place) }
  const lowered = context.mark({}, { pointer: place.pointer })
  lowerReferences(context, place, own, lowered)
  lowerAssertions(context, place, schema, own, lowered)
  const isClosed = lowerCombinators(context, place, schema, own, lowered)
  lowerConditions(context, place, schema, own, lowered)
  lowerMembers(context, place, schema, own, lowered)
  lowerItems(context, place, schema, own, lowered)
  if (use.closed && use.role !== 'member' && !isClosed) closeComposition(context, place, lowered)
  if (use.bare && !context.compositions.composition(place).saysRest && !declaresAny(context, place))
    lowered['additionalProperties'] = true
  return lowered
}

/** How a schema is used that alone describes a value inside the value of its parent. */
export function asRoot(closed: boolean): Use {
  return { closed, role: 'root', optional: [], bare: false }
}

function lowerReferences(context: LoweringContext, place: Place, use: Use, lowered: LoweredObject): void {
  const { source, dialect, compositions } = context
  for (const keyword of ['$ref', '$dynamicRef'] as const) {
    if (!dialect.keywords.has(keyword)) continue
    const target = source.follow(place, keyword)
    if (target === undefined) continue
    // A reference that stands alone hands its role on, so that uses are shared wherever possible.
    const alone = use.role !== 'member' && compositions.inPlace(place).always.length === 1 && isBare(place)
    const reference = context.refer(target, alone ? use : { ...use, role: 'member' })
    if (lowered['$ref'] === undefined) Object.assign(lowered, reference)
    else push(lowered, 'allOf', reference)
  }
}

// Whether nothing but a reference stands in a schema.
function isBare({ schema }: Place): boolean {
  return (
    isObject(schema) &&
    Object.keys(schema).every((keyword) => keyword.endsWith('ef') || keyword.startsWith('x-'))
  )
}

/** Returns whether the combinators have closed the value already. */
function lowerCombinators(
  context: LoweringContext,
  place: Place,
  schema: Readonly<Record<string, unknown>>,
  use: Use,
  lowered: LoweredObject,
): boolean {
  const { source, dialect } = context
  const member: Use = { ...use, role: 'member', bare: false }
  if (isLegal(dialect, schema, 'allOf') && Array.isArray(schema['allOf']))
    schema['allOf'].forEach((_, at) =>
      push(
        lowered,
        'allOf',
        lowerSchema(context, source.child(place, 'allOf', at), { ...member, bare: use.bare }),
      ),
    )
  // Closing what must not match would let more through, so that conditions are always read as they stand.
  if (isLegal(dialect, schema, 'not')) lowered['not'] = lowerChild(context, place, 'not', asRoot(false))
  const alternative: Use = { ...member, bare: isBareBase(context, place, use) }
  const discriminator = discriminatorOf(source, dialect, place)
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    if (keyword === discriminator?.keyword) continue
    const value = schema[keyword]
    if (!isLegal(dialect, schema, keyword) || !Array.isArray(value)) continue
    lowered[keyword] = value.map((_, at) =>
      lowerSchema(context, source.child(place, keyword, at), alternative),
    )
  }
  if (discriminator === undefined || discriminator.inherited) return false
  const alone = use.closed && use.role !== 'member' && alternative.bare && isOnlyChoice(schema)
  push(lowered, 'allOf', lowerChoice(context, place, discriminator, alone ? asRoot(true) : alternative))
  return alone
}

// Whether a discriminator is the one condition of a schema, so that what it chooses describes the value alone.
function isOnlyChoice(schema: Readonly<Record<string, unknown>>): boolean {
  const others = ['if', 'dependentSchemas', 'dependencies', '$ref', '$dynamicRef', 'allOf']
  const hasBoth = schema['anyOf'] !== undefined && schema['oneOf'] !== undefined
  return !hasBoth && others.every((keyword) => schema[keyword] === undefined)
}

function lowerConditions(
  context: LoweringContext,
  place: Place,
  schema: Readonly<Record<string, unknown>>,
  use: Use,
  lowered: LoweredObject,
): void {
  const { dialect, source } = context
  const member: Use = { ...use, role: 'member', bare: false }
  if (isLegal(dialect, schema, 'if')) {
    const condition = lowerChild(context, place, 'if', { ...member, closed: false })
    const branch = (keyword: string): Lowered =>
      isLegal(dialect, schema, keyword) ? lowerChild(context, place, keyword, member) : true
    // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's keyword, never awaited
    const branches = { if: condition, then: branch('then'), else: branch('else') }
    if (use.closed || source.hasUnevaluated) push(lowered, 'allOf', asAlternatives(context, place, branches))
    else Object.assign(lowered, branches)
  }
  for (const keyword of ['dependentSchemas', 'dependencies']) {
    const dependents = schema[keyword]
    if (!isLegal(dialect, schema, keyword) || !isObject(dependents)) continue
    for (const [name, dependent] of Object.entries(dependents)) {
      if (isSchema(dependent))
        put(
          lowered,
          'dependentSchemas',
          name,
          lowerSchema(context, source.child(place, keyword, name), member),
        )
      else put(lowered, 'dependentRequired', name, dependent)
    }
  }
}

// The validator takes what `if` has seen for evaluated even where it does not hold; of alternatives it does not.
function asAlternatives(
  context: LoweringContext,
  place: Place,
  branches: { readonly if: Lowered; readonly then: Lowered; readonly else: Lowered },
): LoweredObject {
  const holds = { allOf: [branches.if, branches.then] }
  const fails = { allOf: [{ not: branches.if }, branches.else] }
  return context.mark({ anyOf: [holds, fails] }, { pointer: `${place.pointer}/if`, keyword: 'if' })
}

function lowerMembers(
  context: LoweringContext,
  place: Place,
  schema: Readonly<Record<string, unknown>>,
  use: Use,
  lowered: LoweredObject,
): void {
  const { dialect, source } = context
  const inner = asRoot(use.closed)
  const { properties, patternProperties } = schema
  if (isLegal(dialect, schema, 'properties') && isObject(properties)) {
    for (const name of Object.keys(properties)) {
      const child = source.child(place, 'properties', name)
      const mark = refusedMark(context, child)
      putProperty(
        lowered,
        name,
        mark === undefined ? lowerSchema(context, child, inner) : refuse(context, mark),
      )
    }
  }
  if (isLegal(dialect, schema, 'patternProperties') && isObject(patternProperties))
    for (const pattern of Object.keys(patternProperties))
      put(
        lowered,
        'patternProperties',
        pattern,
        lowerSchema(context, source.child(place, 'patternProperties', pattern), inner),
      )
  for (const keyword of ['additionalProperties', 'unevaluatedProperties']) {
    if (!isLegal(dialect, schema, keyword)) continue
    lowered[keyword] = schema[keyword] === false ? false : lowerChild(context, place, keyword, inner)
  }
  if (isLegal(dialect, schema, 'propertyNames'))
    lowered['propertyNames'] = lowerChild(context, place, 'propertyNames', asRoot(false))
}

function lowerItems(
  context: LoweringContext,
  place: Place,
  schema: Readonly<Record<string, unknown>>,
  use: Use,
  lowered: LoweredObject,
): void {
  const { dialect, source } = context
  const inner = asRoot(use.closed)
  const listKeyword = dialect.isDraft4 ? 'items' : 'prefixItems'
  const list = schema[listKeyword]
  if (isLegal(dialect, schema, listKeyword) && Array.isArray(list)) {
    if (list.length > 0)
      lowered['prefixItems'] = list.map((_, at) =>
        lowerSchema(context, source.child(place, listKeyword, at), inner),
      )
    const rest = dialect.isDraft4 ? 'additionalItems' : 'items'
    if (isLegal(dialect, schema, rest)) lowered['items'] = lowerChild(context, place, rest, inner)
  } else if (isLegal(dialect, schema, 'items')) lowered['items'] = lowerChild(context, place, 'items', inner)
  if (isLegal(dialect, schema, 'contains'))
    lowered['contains'] = lowerChild(context, place, 'contains', asRoot(false))
  if (isLegal(dialect, schema, 'unevaluatedItems'))
    push(lowered, 'allOf', lowerUnevaluatedItems(context, place, use))
}

function lowerChild(context: LoweringContext, place: Place, keyword: string, use: Use): Lowered {
  return lowerSchema(context, context.source.child(place, keyword), use)
}

function isBareBase(context: LoweringContext, place: Place, use: Use): boolean {
  if (!use.closed) return false
  const { properties, patterns } = context.compositions.composition(place)
  return (use.role === 'member' ? use.bare : true) && properties.size === 0 && patterns.length === 0
}

function declaresAny(context: LoweringContext, place: Place): boolean {
  const { properties, patterns, declaresSometimes } = context.compositions.composition(place)
  return properties.size > 0 || patterns.length > 0 || declaresSometimes
}
