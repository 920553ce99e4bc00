import type { Dialect } from './dialect.ts'
import { isObject } from './is-object.ts'
import { isSchema } from './keyword-shapes.ts'
import type { Place, SchemaSource } from './schema-source.ts'

/** Every schema that a schema contains or refers to, one step far; what has the wrong shape is passed over. */
export function subschemas(source: SchemaSource, dialect: Dialect, place: Place): Place[] {
  const { schema } = place
  if (!isObject(schema)) return []
  const found: Place[] = []
  for (const [keyword, value] of Object.entries(schema)) {
    switch (dialect.keywords.get(keyword)) {
      case 'reference':
        pushDefined(found, source.follow(place, keyword === '$ref' ? '$ref' : '$dynamicRef'))
        break
      case 'schema':
        if (isSchema(value)) found.push(source.child(place, keyword))
        break
      case 'schema list':
      case 'schema or list':
        if (isObject(value)) found.push(source.child(place, keyword))
        if (Array.isArray(value)) value.forEach((_, at) => found.push(source.child(place, keyword, at)))
        break
      case 'schema map':
      case 'schema or names map':
        if (!isObject(value)) break
        for (const name of Object.keys(value))
          if (isSchema(value[name])) found.push(source.child(place, keyword, name))
        break
      case 'discriminator':
        found.push(...mappedSchemas(source, place, value))
        break
      default:
        break
    }
  }
  return found
}

function mappedSchemas(source: SchemaSource, place: Place, discriminator: unknown): Place[] {
  const mapping = isObject(discriminator) ? discriminator['mapping'] : undefined
  const found: Place[] = []
  if (isObject(mapping))
    for (const reference of Object.values(mapping))
      if (typeof reference === 'string') pushDefined(found, source.resolve(place, toReference(reference)))
  return found
}

/** A mapping's value as a reference: a bare name is the name of a schema under `components` (OpenAPI 3.1.1, section 4.8.25). */
export function toReference(mapped: string): string {
  return /^[A-Za-z0-9._-]+$/.test(mapped) && !mapped.includes('.json') && !/\.ya?ml$/.test(mapped)
    ? `#/components/schemas/${mapped}`
    : mapped
}

function pushDefined<T>(list: T[], item: T | undefined): void {
  if (item !== undefined) list.push(item)
}
