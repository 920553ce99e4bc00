import { compilePattern } from '../../../patterns/compile-pattern.ts'
import { readDataClass } from '../classify/data-class.ts'
import { declaresMembers } from '../composition.ts'
import type { CompositionReader } from '../composition.ts'
import type { Dialect } from '../dialect.ts'
import { discriminatorOf } from '../discriminator.ts'
import type { Discriminator } from '../discriminator.ts'
import type { Engine } from '../engine.ts'
import { isObject } from '../is-object.ts'
import { isSchema } from '../keyword-shapes.ts'
import { isWriteOnly, optionalNames, scopesOf } from '../lower/visibility.ts'
import { sanitizeSteps } from '../sanitize/sanitize-steps.ts'
import type { SanitizeStep } from '../sanitize/sanitize-steps.ts'
import type { Direction } from '../schema-compiler.ts'
import type { Place, SchemaSource } from '../schema-source.ts'
import type { Alternative, Form, Member, Shape } from './form.ts'
import { joinMembers } from './merge-shapes.ts'

/** What forms are read with. */
export interface FormContext {
  readonly source: SchemaSource
  readonly dialect: Dialect
  readonly direction: Direction
  readonly compositions: CompositionReader
  readonly engine: Engine
}

/** Reads the forms of schemas, each once. */
export interface FormReader {
  formOf(place: Place): Form
  /** The form of a value that several forms describe together. */
  readonly unite: (forms: readonly Form[]) => Form
}

/** Makes the reader of one document's forms for one direction. */
export function createFormReader(context: FormContext): FormReader {
  const { source, dialect, compositions } = context
  const forms = new Map<Place, Form>()
  let nextId = 0

  function formOf(place: Place): Form {
    const known = forms.get(place)
    if (known !== undefined) return known
    const form = readForm(place)
    forms.set(place, form)
    return form
  }

  function readForm(place: Place): Form {
    const parts = compositions.always(place)
    const composition = compositions.composition(place)
    const shapes = parts.map(readShape)
    const sometimes = parts.flatMap((part) => compositions.inPlace(part).sometimes)
    return {
      shape: uniteShapes(shapes),
      alternatives: [...parts.flatMap(readAlternatives), ...familyOf(place)],
      free: !declaresMembers(composition) && !composition.saysRest,
      sanitize: unionOfSteps([...parts, ...sometimes]),
      dataClass: readDataClass([...parts, ...sometimes]),
    }
  }

  function readShape(place: Place): Omit<Shape, 'id' | 'open'> {
    const { schema } = place
    if (!isObject(schema)) return saysNothing
    const list = ['prefixItems', ...(dialect.isDraft4 ? ['items'] : [])].find((keyword) =>
      Array.isArray(schema[keyword]),
    )
    const prefix = list === undefined ? undefined : schema[list]
    return {
      members: new Map(
        namesUnder(schema, 'properties').map((name) => [name, memberAt(place, 'properties', name)]),
      ),
      patterns: namesUnder(schema, 'patternProperties').map((pattern) => [
        compilePattern(pattern).test,
        memberAt(place, 'patternProperties', pattern),
      ]),
      rest: memberUnder(place, ['additionalProperties', 'unevaluatedProperties']),
      prefix:
        list !== undefined && Array.isArray(prefix) ? prefix.map((_, at) => memberAt(place, list, at)) : [],
      items: memberUnder(place, list === 'items' ? ['additionalItems'] : ['items', 'unevaluatedItems']),
      objects: permits(schema, 'object'),
      lists: permits(schema, 'array'),
    }
  }

  function memberUnder(place: Place, keywords: readonly string[]): Member | undefined {
    const { schema } = place
    const keyword = isObject(schema) ? keywords.find((name) => schema[name] !== undefined) : undefined
    if (keyword === undefined || !isObject(schema)) return undefined
    return schema[keyword] !== false && isSchema(schema[keyword]) ? memberAt(place, keyword) : undefined
  }

  function memberAt(place: Place, ...names: readonly (string | number)[]): Member {
    const child = source.child(place, ...names)
    let form: Form | undefined
    return {
      hidden: isWriteOnly(compositions, child),
      scopes: scopesOf(compositions, child),
      form: () => (form ??= formOf(child)),
    }
  }

  function readAlternatives(place: Place): Alternative[] {
    const { schema } = place
    if (!isObject(schema)) return []
    const discriminator = discriminatorOf(source, dialect, place)
    const chosen = discriminator !== undefined && !discriminator.inherited
    const alternatives = chosen ? choicesOf(discriminator, place) : []
    for (const keyword of ['anyOf', 'oneOf'].filter((name) => name !== discriminator?.keyword)) {
      const list = schema[keyword]
      if (Array.isArray(list))
        list.forEach((_, at) => alternatives.push(tried(source.child(place, keyword, at))))
    }
    return [...alternatives, ...conditionsOf(place, schema), ...dependentsOf(place, schema)]
  }

  function conditionsOf(place: Place, schema: Readonly<Record<string, unknown>>): Alternative[] {
    if (dialect.isDraft4 || !isSchema(schema['if'])) return []
    const condition = tried(source.child(place, 'if'))
    const holds = condition.applies
    const branch = (keyword: string, applies: Alternative['applies']): Alternative[] =>
      isSchema(schema[keyword]) ? [{ applies, form: () => formOf(source.child(place, keyword)) }] : []
    return [condition, ...branch('then', holds), ...branch('else', (value) => !holds(value))]
  }

  function dependentsOf(place: Place, schema: Readonly<Record<string, unknown>>): Alternative[] {
    const keyword = dialect.isDraft4 ? 'dependencies' : 'dependentSchemas'
    const dependents = schema[keyword]
    if (!isObject(dependents)) return []
    return Object.keys(dependents)
      .filter((name) => isSchema(dependents[name]))
      .map((name) => ({
        applies: (value) => Object.hasOwn(value, name),
        form: () => formOf(source.child(place, keyword, name)),
      }))
  }

  function tried(place: Place): Alternative {
    const optional = optionalNames(context, place)
    const check = context.engine.check(place, { closed: false, role: 'member', optional, bare: false })
    return { applies: (value) => check.accepts(value), form: () => formOf(place) }
  }

  function choicesOf({ property, choices }: Discriminator, parent: Place): Alternative[] {
    const alternatives: Alternative[] = []
    for (const [name, target] of choices) {
      if (target.pointer === parent.pointer) continue
      const applies = (value: object): boolean =>
        Object.hasOwn(value, property) && (value as Record<string, unknown>)[property] === name
      alternatives.push({ applies, form: () => formOf(target) })
    }
    return alternatives
  }

  // A parent whose children include it: only as the whole description of a value may it stand for one of them.
  function familyOf(place: Place): Alternative[] {
    const { schema } = place
    const discriminator = discriminatorOf(source, dialect, place)
    if (discriminator?.inherited === true) return choicesOf(discriminator, place)
    const target =
      isObject(schema) && compositions.inPlace(place).always.length === 1
        ? source.follow(place, '$ref')
        : undefined
    const parent = target === undefined ? undefined : discriminatorOf(source, dialect, target)
    return target === undefined || parent?.inherited !== true ? [] : choicesOf(parent, target)
  }

  function uniteShapes(shapes: readonly Omit<Shape, 'id' | 'open'>[]): Shape {
    const members = new Map<string, Member>()
    for (const shape of shapes) {
      for (const [name, member] of shape.members) {
        const other = members.get(name)
        members.set(name, other === undefined ? member : joinMembers(other, member, unite))
      }
    }
    const patterns = shapes.flatMap((shape) => shape.patterns)
    const rest = joinAll(shapes.map((shape) => shape.rest))
    const says = shapes.length > 0 && rest !== undefined
    return {
      id: nextId++,
      members,
      patterns,
      rest,
      prefix: shapes.find(({ prefix }) => prefix.length > 0)?.prefix ?? [],
      items: joinAll(shapes.map((shape) => shape.items)),
      open: members.size === 0 && patterns.length === 0 && !says,
      objects: shapes.every(({ objects }) => objects),
      lists: shapes.every(({ lists }) => lists),
    }
  }

  function joinAll(members: readonly (Member | undefined)[]): Member | undefined {
    return members.reduce<Member | undefined>(
      (left, right) =>
        left === undefined ? right : right === undefined ? left : joinMembers(left, right, unite),
      undefined,
    )
  }

  const united = new Map<string, Form>()
  function unite(several: readonly Form[]): Form {
    const key = several.map(({ shape }) => shape.id).join(' ')
    const known = united.get(key)
    if (known !== undefined) return known
    const shapes = several.map(({ shape }) => shape)
    const form: Form = {
      shape: {
        ...uniteShapes(shapes),
        // Of alternatives that say different things of one part, the one that permits more may be the one that holds.
        objects: shapes.some(({ objects }) => objects),
        lists: shapes.some(({ lists }) => lists),
      },
      alternatives: several.flatMap(({ alternatives }) => alternatives),
      free: several.every(({ free }) => free),
      sanitize: sanitizeSteps.filter((step) => several.some(({ sanitize }) => sanitize.includes(step))),
      dataClass: several.find(({ dataClass }) => dataClass !== undefined)?.dataClass,
    }
    if (united.size >= 2000) united.clear()
    united.set(key, form)
    return form
  }

  return { formOf, unite }
}

const saysNothing: Omit<Shape, 'id' | 'open'> = {
  members: new Map(),
  patterns: [],
  rest: undefined,
  prefix: [],
  items: undefined,
  objects: true,
  lists: true,
}

function permits({ type }: Readonly<Record<string, unknown>>, wanted: 'object' | 'array'): boolean {
  if (typeof type === 'string') return type === wanted
  return !Array.isArray(type) || type.includes(wanted)
}

function namesUnder(schema: Readonly<Record<string, unknown>>, keyword: string): string[] {
  const map = schema[keyword]
  return isObject(map) ? Object.keys(map) : []
}

function unionOfSteps(places: readonly Place[]): readonly SanitizeStep[] {
  const named = new Set<unknown>()
  for (const { schema } of places) {
    const extension = isObject(schema) ? schema['x-gateward'] : undefined
    const steps = isObject(extension) ? extension['sanitize'] : undefined
    if (Array.isArray(steps)) for (const step of steps) named.add(step)
  }
  return sanitizeSteps.filter((step) => named.has(step))
}
