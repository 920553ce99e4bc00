import { declaresMembers } from '../composition.ts'
import { isObject } from '../is-object.ts'
import type { Place } from '../schema-source.ts'
import type { LoweringContext } from './lower-schema.ts'
import type { LoweredObject } from './lowered-schema.ts'
import { putProperty } from './write-lowered.ts'

/**
 * Refuses the members that no part of a composition declares. Where the schema itself says what else it takes, or
 * nothing declares any member, it is obeyed as it stands. Where everything is declared unconditionally the names
 * are known now; else the validator must see which parts applied.
 */
export function closeComposition(context: LoweringContext, place: Place, lowered: LoweredObject): void {
  const { schema } = place
  if (
    !isObject(schema) ||
    lowered['additionalProperties'] !== undefined ||
    lowered['unevaluatedProperties'] !== undefined
  )
    return
  // A lone reference closes its target.
  if (lowered['$ref'] !== undefined && Object.keys(lowered).length === 1) return
  const composition = context.compositions.composition(place)
  if (!declaresMembers(composition)) return
  if (composition.declaresSometimes || composition.saysRest) {
    lowered['unevaluatedProperties'] = false
    return
  }
  const own = isObject(lowered['properties']) ? lowered['properties'] : {}
  for (const name of composition.properties.keys())
    if (!Object.hasOwn(own, name)) putProperty(lowered, name, true)
  const patterns = isObject(lowered['patternProperties']) ? lowered['patternProperties'] : {}
  if (composition.patterns.length > 0)
    lowered['patternProperties'] = {
      ...Object.fromEntries(composition.patterns.map((pattern) => [pattern, true])),
      ...patterns,
    }
  lowered['additionalProperties'] = false
}
