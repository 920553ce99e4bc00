import type { Dialect } from '../dialect.ts'
import { hasShape } from '../keyword-shapes.ts'
import type { LoweringContext } from './lower-schema.ts'
import type { Lowered, LoweredObject, Origin } from './lowered-schema.ts'

/** Whether a keyword is there, is one of the dialect's, and has the shape that the dialect asks for. */
export function isLegal(
  dialect: Dialect,
  schema: Readonly<Record<string, unknown>>,
  keyword: string,
): boolean {
  const shape = dialect.keywords.get(keyword)
  return shape !== undefined && Object.hasOwn(schema, keyword) && hasShape(shape, schema[keyword])
}

/** Declares a property; the validator overlooks one called `__proto__`, but not a pattern of that name. */
export function putProperty(lowered: LoweredObject, name: string, schema: Lowered): void {
  if (name === '__proto__') put(lowered, 'patternProperties', '^__proto__$', schema)
  else put(lowered, 'properties', name, schema)
}

/** Adds an entry to a map under a keyword, whatever the entry is called. */
export function put(lowered: LoweredObject, keyword: string, name: string, value: unknown): void {
  const map = lowered[keyword] ?? {}
  Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true })
  lowered[keyword] = map
}

/** Adds an element to a list under a keyword. */
export function push(lowered: LoweredObject, keyword: string, value: unknown): void {
  const list = lowered[keyword]
  if (Array.isArray(list)) list.push(value)
  else lowered[keyword] = [value]
}

/** A schema that no value keeps, under the name that its violation shall have. */
export function refuse(context: LoweringContext, origin: Origin): LoweredObject {
  return context.mark({ refused: true }, origin)
}
