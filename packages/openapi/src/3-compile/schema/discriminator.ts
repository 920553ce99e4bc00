import type { Dialect } from './dialect.ts'
import { isObject } from './is-object.ts'
import { hasShape } from './keyword-shapes.ts'
import { toToken, tokensOf } from './pointer.ts'
import type { Place, SchemaSource } from './schema-source.ts'
import { toReference } from './subschemas.ts'

/** A property whose value names the schema that an object keeps (OpenAPI 3.1.1, section 4.8.25). */
export interface Discriminator {
  readonly property: string
  /** The combinator whose alternatives it stands for, `undefined` where the schema has none. */
  readonly keyword: 'anyOf' | 'oneOf' | undefined
  readonly choices: ReadonlyMap<string, Place>
  /** Whether the choices are the schemas that include this one by `allOf`, instead of its own alternatives. */
  readonly inherited: boolean
  /** Whether null is an alternative beside the named ones. */
  readonly allowsNull: boolean
}

/**
 * Reads a schema's discriminator. `undefined` where it has none, or where one of its alternatives has no name, so
 * that only trying them all is right.
 */
export function discriminatorOf(
  source: SchemaSource,
  dialect: Dialect,
  place: Place,
): Discriminator | undefined {
  const { schema } = place
  if (!isObject(schema) || !isObject(schema['discriminator'])) return undefined
  if (!hasShape('discriminator', schema['discriminator'])) return undefined
  const property = String(schema['discriminator']['propertyName'])
  const mapped = readMapping(source, place, schema['discriminator']['mapping'])
  const keyword = Array.isArray(schema['oneOf']) ? 'oneOf' : 'anyOf'
  const alternatives = schema[keyword]
  if (!Array.isArray(alternatives) || listsItsChildren(source, place, keyword, alternatives))
    return inheritedDiscriminator(
      source,
      place,
      property,
      mapped,
      alternatives === undefined ? undefined : keyword,
    )
  const choices = new Map<string, Place>()
  let allowsNull = dialect.isDraft4 && schema['nullable'] === true && schema['type'] !== undefined
  for (const [at, alternative] of alternatives.entries()) {
    if (isObject(alternative) && alternative['type'] === 'null') {
      allowsNull = true
      continue
    }
    const target = source.follow(source.child(place, keyword, at), '$ref')
    if (target === undefined) return undefined
    for (const name of namesOf(target, mapped)) choices.set(name, target)
  }
  return choices.size === 0 ? undefined : { property, keyword, choices, inherited: false, allowsNull }
}

// Many contracts list in the parent's oneOf the very schemas that include the parent by allOf: read by the letter
// each would need the other first. What is meant is the family.
function listsItsChildren(
  source: SchemaSource,
  place: Place,
  keyword: string,
  alternatives: readonly unknown[],
): boolean {
  return alternatives.some((_, at) => {
    const child = source.follow(source.child(place, keyword, at), '$ref')
    const parts = isObject(child?.schema) ? child.schema['allOf'] : undefined
    if (child === undefined || !Array.isArray(parts)) return false
    return parts.some(
      (__, part) => source.follow(source.child(child, 'allOf', part), '$ref')?.pointer === place.pointer,
    )
  })
}

function readMapping(source: SchemaSource, place: Place, mapping: unknown): ReadonlyMap<string, Place> {
  const mapped = new Map<string, Place>()
  if (!isObject(mapping)) return mapped
  for (const [name, reference] of Object.entries(mapping)) {
    const target = typeof reference === 'string' ? source.resolve(place, toReference(reference)) : undefined
    if (target !== undefined) mapped.set(name, target)
  }
  return mapped
}

// Beside the mapped names a schema keeps the one under which the document files it.
function namesOf(target: Place, mapped: ReadonlyMap<string, Place>): readonly string[] {
  const names = [...mapped].filter(([, place]) => place.pointer === target.pointer).map(([name]) => name)
  const filed = tokensOf(target.pointer).at(-1)
  return filed === undefined || mapped.has(filed) ? names : [...names, filed]
}

function inheritedDiscriminator(
  source: SchemaSource,
  place: Place,
  property: string,
  mapped: ReadonlyMap<string, Place>,
  keyword: Discriminator['keyword'],
): Discriminator | undefined {
  const choices = new Map<string, Place>()
  const own = tokensOf(place.pointer).at(-1)
  if (own !== undefined) choices.set(own, place)
  for (const [name, child] of childrenOf(source, place)) choices.set(name, child)
  for (const [name, target] of mapped) choices.set(name, target)
  const hasChildren = [...choices.values()].some((target) => target.pointer !== place.pointer)
  return hasChildren ? { property, keyword, choices, inherited: true, allowsNull: false } : undefined
}

const families = new WeakMap<SchemaSource, ReadonlyMap<string, readonly (readonly [string, Place])[]>>()

/** The schemas under `components` that include a schema by `allOf`, with their names. */
function childrenOf(source: SchemaSource, parent: Place): readonly (readonly [string, Place])[] {
  const known = families.get(source) ?? findFamilies(source)
  families.set(source, known)
  return known.get(parent.pointer) ?? []
}

function findFamilies(source: SchemaSource): ReadonlyMap<string, readonly (readonly [string, Place])[]> {
  const found = new Map<string, (readonly [string, Place])[]>()
  const components = source.document.root['components']
  const schemas = isObject(components) ? components['schemas'] : undefined
  for (const [name, schema] of Object.entries(isObject(schemas) ? schemas : {})) {
    if (!isObject(schema) || !Array.isArray(schema['allOf'])) continue
    const child = source.place(`/components/schemas/${toToken(name)}`)
    for (const at of schema['allOf'].keys()) {
      const parent = source.follow(source.child(child, 'allOf', at), '$ref')
      if (parent !== undefined)
        found.set(parent.pointer, [...(found.get(parent.pointer) ?? []), [name, child]])
    }
  }
  return found
}
