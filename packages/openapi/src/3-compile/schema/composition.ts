import type { Dialect } from './dialect.ts'
import { discriminatorOf } from './discriminator.ts'
import { isObject } from './is-object.ts'
import { isSchema } from './keyword-shapes.ts'
import type { Place, SchemaSource } from './schema-source.ts'

/** The schemas that speak of the same value as a schema: those that always apply, and those that apply if something holds. */
interface InPlace {
  readonly always: readonly Place[]
  readonly sometimes: readonly Place[]
}

/** What a schema, together with all that applies to the same value, declares of an object's members. */
export interface Composition {
  /** Names declared whatever the value is, each with the schemas that declare it. */
  readonly properties: ReadonlyMap<string, readonly Place[]>
  /** Patterns of names declared whatever the value is. */
  readonly patterns: readonly string[]
  /** Whether some conditional part declares names. */
  readonly declaresSometimes: boolean
  /** Whether any part says `additionalProperties` or `unevaluatedProperties`. */
  readonly saysRest: boolean
  /** Every declaration of a member, conditional ones as well. */
  readonly allProperties: ReadonlyMap<string, readonly Place[]>
}

/** Whether a composition declares any member at all; where none does, an object is free in its form. */
export function declaresMembers(composition: Composition): boolean {
  return composition.properties.size > 0 || composition.patterns.length > 0 || composition.declaresSometimes
}

/** Looks through the combinators of a document's schemas, each composition once. */
export interface CompositionReader {
  inPlace(place: Place): InPlace
  composition(place: Place): Composition
  /** Whether a schema, or one that always applies with it, answers a question with yes. */
  someAlways(place: Place, question: (schema: Readonly<Record<string, unknown>>) => boolean): boolean
  /** The schema and all that always apply with it, each once. */
  always(place: Place): readonly Place[]
}

/** Makes the reader of one document's compositions. */
export function createCompositionReader(source: SchemaSource, dialect: Dialect): CompositionReader {
  const neighbours = new Map<Place, InPlace>()
  const compositions = new Map<Place, Composition>()
  const closures = new Map<Place, readonly Place[]>()

  function inPlace(place: Place): InPlace {
    const known = neighbours.get(place)
    if (known !== undefined) return known
    const found = findInPlace(source, dialect, place)
    neighbours.set(place, found)
    return found
  }

  function always(place: Place): readonly Place[] {
    const known = closures.get(place)
    if (known !== undefined) return known
    const closure = closureOf([place], (member) => inPlace(member).always)
    closures.set(place, closure)
    return closure
  }

  function composition(place: Place): Composition {
    const known = compositions.get(place)
    if (known !== undefined) return known
    const sure = always(place)
    const all = closureOf(sure, (member) => [...inPlace(member).always, ...inPlace(member).sometimes])
    const conditional = all.filter((member) => !sure.includes(member))
    const found: Composition = {
      properties: propertiesOf(sure),
      patterns: sure.flatMap((member) => Object.keys(mapUnder(member, 'patternProperties'))),
      declaresSometimes: conditional.some(declaresHere),
      saysRest: all.some(saysRest),
      allProperties: propertiesOf(all),
    }
    compositions.set(place, found)
    return found
  }

  function propertiesOf(members: readonly Place[]): ReadonlyMap<string, readonly Place[]> {
    const properties = new Map<string, Place[]>()
    for (const member of members) {
      for (const name of Object.keys(mapUnder(member, 'properties'))) {
        const declared = source.child(member, 'properties', name)
        const others = properties.get(name)
        if (others === undefined) properties.set(name, [declared])
        else others.push(declared)
      }
    }
    return properties
  }

  return {
    inPlace,
    composition,
    always,
    someAlways: (place, question) => always(place).some(({ schema }) => isObject(schema) && question(schema)),
  }
}

function findInPlace(source: SchemaSource, dialect: Dialect, place: Place): InPlace {
  const { schema } = place
  if (!isObject(schema)) return { always: [], sometimes: [] }
  const references = (['$ref', '$dynamicRef'] as const)
    .filter((keyword) => dialect.keywords.has(keyword))
    .map((keyword) => source.follow(place, keyword))
    .filter((target) => target !== undefined)
  const discriminator = discriminatorOf(source, dialect, place)
  const family = discriminator?.inherited === true ? discriminator.keyword : undefined
  const list = (keyword: string): Place[] => {
    // The alternatives of a family are its children, which stand for the parent instead of beside it.
    const value = keyword === family ? undefined : schema[keyword]
    return Array.isArray(value) ? value.map((_, index) => source.child(place, keyword, index)) : []
  }
  const conditions = ['if', 'then', 'else']
    .filter((keyword) => !dialect.isDraft4 && isSchema(schema[keyword]))
    .map((keyword) => source.child(place, keyword))
  const dependentKeyword = dialect.isDraft4 ? 'dependencies' : 'dependentSchemas'
  const dependent = mapUnder(place, dependentKeyword)
  const dependents = Object.keys(dependent)
    .filter((name) => isSchema(dependent[name]))
    .map((name) => source.child(place, dependentKeyword, name))
  return {
    always: [...references, ...list('allOf')],
    sometimes: [...list('anyOf'), ...list('oneOf'), ...conditions, ...dependents],
  }
}

function closureOf(start: readonly Place[], next: (place: Place) => readonly Place[]): readonly Place[] {
  const closure = new Set(start)
  // A set that grows while it is walked is walked to its end.
  for (const place of closure) for (const neighbour of next(place)) closure.add(neighbour)
  return [...closure]
}

function declaresHere(place: Place): boolean {
  return (
    Object.keys(mapUnder(place, 'properties')).length > 0 ||
    Object.keys(mapUnder(place, 'patternProperties')).length > 0
  )
}

function saysRest({ schema }: Place): boolean {
  return (
    isObject(schema) &&
    (schema['additionalProperties'] !== undefined || schema['unevaluatedProperties'] !== undefined)
  )
}

function mapUnder({ schema }: Place, keyword: string): Readonly<Record<string, unknown>> {
  if (!isObject(schema)) return {}
  const value = schema[keyword]
  return isObject(value) ? value : {}
}
