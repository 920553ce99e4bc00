import { isObject } from '../is-object.ts'
import type { CompositionReader } from '../composition.ts'
import type { Direction } from '../schema-compiler.ts'
import type { Place } from '../schema-source.ts'
import type { Origin } from './lowered-schema.ts'

interface VisibilityContext {
  readonly direction: Direction
  readonly compositions: CompositionReader
}

/**
 * The names that a value of a direction need not have even where `required` lists them: `readOnly` ones of a
 * request, `writeOnly` ones and those only some scopes may see of a response (OpenAPI 3.0.3, section 4.7.24).
 */
export function optionalNames(context: VisibilityContext, place: Place): readonly string[] {
  const { allProperties } = context.compositions.composition(place)
  const names: string[] = []
  for (const [name, declarations] of allProperties)
    if (declarations.some((declared) => isAbsent(context, declared))) names.push(name)
  return names.sort()
}

/** The origin of the refusal where a property must not be sent at all. */
export function refusedMark(context: VisibilityContext, declared: Place): Origin | undefined {
  if (context.direction !== 'request' || !isReadOnly(context.compositions, declared)) return undefined
  return { pointer: declared.pointer, keyword: 'readOnly' }
}

/** Whether a schema, or one that always applies with it, is `readOnly`. */
function isReadOnly(compositions: CompositionReader, place: Place): boolean {
  return compositions.someAlways(place, (schema) => schema['readOnly'] === true)
}

/** Whether a schema, or one that always applies with it, is `writeOnly`. */
export function isWriteOnly(compositions: CompositionReader, place: Place): boolean {
  return compositions.someAlways(place, (schema) => schema['writeOnly'] === true)
}

/** The scopes that a caller must all have to see a value of this schema. */
export function scopesOf(compositions: CompositionReader, place: Place): readonly string[] {
  const scopes = new Set<string>()
  for (const { schema } of compositions.always(place)) {
    const extension = isObject(schema) ? schema['x-gateward'] : undefined
    if (isObject(extension) && typeof extension['scope'] === 'string') scopes.add(extension['scope'])
  }
  return [...scopes]
}

function isAbsent({ direction, compositions }: VisibilityContext, declared: Place): boolean {
  if (direction === 'request') return isReadOnly(compositions, declared)
  return isWriteOnly(compositions, declared) || scopesOf(compositions, declared).length > 0
}
