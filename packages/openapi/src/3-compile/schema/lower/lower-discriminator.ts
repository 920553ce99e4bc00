import type { Discriminator } from '../discriminator.ts'
import type { Place } from '../schema-source.ts'
import type { LoweringContext } from './lower-schema.ts'
import type { LoweredObject, Use } from './lowered-schema.ts'

/**
 * Writes a choice between a schema's own alternatives: the property must be there and name one of them, and the
 * value must keep that one. Null passes where it is an alternative itself.
 */
export function lowerChoice(
  context: LoweringContext,
  place: Place,
  discriminator: Discriminator,
  alternative: Use,
): LoweredObject {
  const { property, choices, allowsNull } = discriminator
  const check = nameCheck(context, place, discriminator)
  check['required'] = [property]
  const branches = [...choices].map(([name, target]) =>
    branch(property, name, context.refer(target, alternative)),
  )
  const choice = { allOf: [check, ...branches] }
  return allowsNull ? { anyOf: [{ type: 'null' }, choice] } : choice
}

/**
 * Writes a parent as the choice between itself and the schemas that include it: one that the property names is
 * kept instead of the parent. Without the property it is the parent's `required` that decides.
 */
export function lowerFamily(
  context: LoweringContext,
  place: Place,
  discriminator: Discriminator,
  use: Use,
): LoweredObject {
  const { property, choices } = discriminator
  const children = [...choices].filter(([, target]) => target.pointer !== place.pointer)
  const names = children.map(([name]) => name)
  return {
    allOf: [
      nameCheck(context, place, discriminator),
      ...children.map(([name, target]) =>
        branch(property, name, context.refer(target, { ...use, role: 'root' })),
      ),
      {
        if: { properties: { [property]: { enum: names } }, required: [property], type: 'object' },
        // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's keyword, never awaited
        then: { minProperties: 0 },
        else: context.refer(place, { ...use, role: 'self' }),
      },
    ],
  }
}

function nameCheck(
  context: LoweringContext,
  place: Place,
  { property, choices }: Discriminator,
): LoweredObject {
  const origin = { pointer: `${place.pointer}/discriminator`, keyword: 'discriminator' }
  const names = context.mark({ enum: [...choices.keys()] }, origin)
  return context.mark({ type: 'object', properties: { [property]: names } }, origin)
}

function branch(property: string, name: string, then: LoweredObject): LoweredObject {
  return {
    if: { type: 'object', properties: { [property]: { const: name } }, required: [property] },
    // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's keyword, never awaited
    then,
    else: { minProperties: 0 },
  }
}
