import type { Dialect } from '../dialect.ts'
import { isObject } from '../is-object.ts'
import type { Place, SchemaSource } from '../schema-source.ts'
import { subschemas } from '../subschemas.ts'

/** Whether any schema reachable from a place declares `sanitize`. */
export function reachesSanitize(source: SchemaSource, dialect: Dialect, start: Place): boolean {
  const reached = new Set([start])
  // A set that grows while it is walked is walked to its end.
  for (const place of reached) {
    if (declaresSanitize(place)) return true
    for (const next of subschemas(source, dialect, place)) reached.add(next)
  }
  return false
}

function declaresSanitize({ schema }: Place): boolean {
  const extension = isObject(schema) ? schema['x-gateward'] : undefined
  return isObject(extension) && Array.isArray(extension['sanitize']) && extension['sanitize'].length > 0
}
