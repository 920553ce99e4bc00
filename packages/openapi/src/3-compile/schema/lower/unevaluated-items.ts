import { isObject } from '../is-object.ts'
import { isSchema } from '../keyword-shapes.ts'
import type { Place } from '../schema-source.ts'
import type { LoweringContext } from './lower-schema.ts'
import type { LoweredObject, Use } from './lowered-schema.ts'

/** Adds to a set the indices of an array's items that some schema has evaluated. */
type Evaluation = (items: readonly unknown[], evaluated: Set<number>) => void

/**
 * Writes `unevaluatedItems` as a test of our own: unlike the validator's keyword it counts what `contains` has
 * matched, and parts nested in alternatives (JSON Schema 2020-12 core, section 11.2).
 */
export function lowerUnevaluatedItems(context: LoweringContext, place: Place, use: Use): LoweredObject {
  const rest = context.source.child(place, 'unevaluatedItems')
  const restUse: Use = { closed: use.closed, role: 'root', optional: [], bare: false }
  let evaluate: Evaluation | undefined
  const accepts = context.checkOf(rest, restUse)
  const passes = context.assert((value) => {
    if (!Array.isArray(value)) return true
    evaluate ??= evaluationOf(context, place, new Set(), false)
    const evaluated = new Set<number>()
    evaluate(value, evaluated)
    return value.every((item, at) => evaluated.has(at) || accepts(item))
  })
  return context.mark({ passes }, { pointer: rest.pointer, keyword: 'unevaluatedItems' })
}

function evaluationOf(
  context: LoweringContext,
  place: Place,
  path: ReadonlySet<Place>,
  withRest: boolean,
): Evaluation {
  const { schema } = place
  if (!isObject(schema) || path.has(place)) return () => undefined
  const inner = new Set([...path, place])
  const steps = [
    ...itemSteps(context, place, schema, withRest),
    ...context.compositions.inPlace(place).always.map((part) => evaluationOf(context, part, inner, true)),
    ...['anyOf', 'oneOf'].flatMap((keyword) => alternativeSteps(context, place, keyword, inner)),
    ...conditionSteps(context, place, schema, inner),
  ]
  return (items, evaluated) => steps.forEach((step) => step(items, evaluated))
}

function itemSteps(
  { source, checkOf }: LoweringContext,
  place: Place,
  schema: Readonly<Record<string, unknown>>,
  withRest: boolean,
): Evaluation[] {
  const prefix = Array.isArray(schema['prefixItems']) ? schema['prefixItems'].length : 0
  const takesAll = isSchema(schema['items']) || (withRest && isSchema(schema['unevaluatedItems']))
  const upTo: Evaluation = (items, evaluated) => {
    const end = takesAll ? items.length : Math.min(prefix, items.length)
    for (let at = 0; at < end; at++) evaluated.add(at)
  }
  if (!isSchema(schema['contains'])) return [upTo]
  const accepts = checkOf(source.child(place, 'contains'), standing)
  return [upTo, (items, evaluated) => items.forEach((item, at) => accepts(item) && evaluated.add(at))]
}

function alternativeSteps(
  context: LoweringContext,
  place: Place,
  keyword: string,
  path: ReadonlySet<Place>,
): Evaluation[] {
  const list = isObject(place.schema) ? place.schema[keyword] : undefined
  if (!Array.isArray(list)) return []
  return list.map((_, at) => {
    const alternative = context.source.child(place, keyword, at)
    const accepts = context.checkOf(alternative, standing)
    const evaluate = evaluationOf(context, alternative, path, true)
    return (items, evaluated) => {
      if (accepts(items)) evaluate(items, evaluated)
    }
  })
}

function conditionSteps(
  context: LoweringContext,
  place: Place,
  schema: Readonly<Record<string, unknown>>,
  path: ReadonlySet<Place>,
): Evaluation[] {
  if (!isSchema(schema['if'])) return []
  const condition = context.source.child(place, 'if')
  const holds = context.checkOf(condition, standing)
  const [whenHeld, then, otherwise] = [
    condition,
    ...['then', 'else'].map((name) => context.source.child(place, name)),
  ].map((part) => evaluationOf(context, part, path, true))
  return [
    (items, evaluated) => {
      if (holds(items)) {
        whenHeld?.(items, evaluated)
        then?.(items, evaluated)
      } else otherwise?.(items, evaluated)
    },
  ]
}

/** Conditions are read as they stand, never closed. */
const standing: Use = { closed: false, role: 'root', optional: [], bare: false }
