import type { Form, Member, Shape } from './form.ts'

/** Merged shapes kept; beyond, they are forgotten and made again. */
const mostMerged = 2000

/** Finds the one shape that holds for a value. `all` takes every alternative where none applies. */
export type ShapeResolver = (form: Form, value: object, all: boolean) => Shape

/** Makes a resolver with its own memory of the combinations met so far. */
export function createShapeResolver(uniteForms: (forms: readonly Form[]) => Form): ShapeResolver {
  const merged = new Map<string, Shape>()
  let lastId = -1

  function resolve(form: Form, value: object, all: boolean): Shape {
    if (form.alternatives.length === 0) return form.shape
    let chosen = form.alternatives.filter((alternative) => alternative.applies(value))
    if (chosen.length === 0 && all) chosen = [...form.alternatives]
    if (chosen.length === 0 && (form.free || !form.shape.open)) return whereNoneApplies(form)
    const parts = chosen.map((alternative) => resolve(alternative.form(), value, all))
    return merge(form.shape, parts)
  }

  function merge(base: Shape, parts: readonly Shape[]): Shape {
    const key = `${base.id} ${parts.map(({ id }) => id).join(' ')}`
    const known = merged.get(key)
    if (known !== undefined) return known
    if (merged.size >= mostMerged) merged.clear()
    const shape = mergeShapes(lastId--, base, parts, uniteForms)
    merged.set(key, shape)
    return shape
  }

  return resolve
}

function mergeShapes(
  id: number,
  base: Shape,
  parts: readonly Shape[],
  uniteForms: (forms: readonly Form[]) => Form,
): Shape {
  const shapes = [base, ...parts]
  const join = (left: Member, right: Member): Member => joinMembers(left, right, uniteForms)
  const members = new Map<string, Member>()
  for (const shape of shapes) {
    for (const [name, member] of shape.members) {
      const other = members.get(name)
      members.set(name, other === undefined ? member : join(other, member))
    }
  }
  const longest = Math.max(...shapes.map(({ prefix }) => prefix.length))
  return {
    id,
    members,
    patterns: shapes.flatMap(({ patterns }) => patterns),
    rest: joinAll(
      shapes.map(({ rest }) => rest),
      join,
    ),
    prefix: Array.from({ length: longest }, (_, at) =>
      joinAll(
        shapes.map(({ prefix, items }) => prefix[at] ?? items),
        join,
      ),
    ).filter((member) => member !== undefined),
    items: joinAll(
      shapes.map(({ items }) => items),
      join,
    ),
    // An alternative that declares nothing frees the object only where nothing else declares anything beside it.
    open: base.open && parts.some(({ open }) => open),
    objects: base.objects,
    lists: base.lists,
  }
}

// `anyOf: [{ type: string }, { type: 'null' }]` says nothing of members, and yet leaves no room for an object.
function whereNoneApplies({ shape, alternatives }: Form): Shape {
  const shapes = alternatives.map(({ form }) => form().shape)
  const objects = shape.objects && shapes.some((other) => other.objects)
  const lists = shape.lists && shapes.some((other) => other.lists)
  return objects === shape.objects && lists === shape.lists ? shape : { ...shape, objects, lists }
}

function joinAll(
  members: readonly (Member | undefined)[],
  join: (left: Member, right: Member) => Member,
): Member | undefined {
  return members.reduce<Member | undefined>(
    (left, right) => (left === undefined ? right : right === undefined ? left : join(left, right)),
    undefined,
  )
}

/** Two declarations of one part: hidden if either hides it, and of the form of both. */
export function joinMembers(
  left: Member,
  right: Member,
  uniteForms: (forms: readonly Form[]) => Form,
): Member {
  let form: Form | undefined
  return {
    hidden: left.hidden || right.hidden,
    scopes: [...new Set([...left.scopes, ...right.scopes])],
    form: () => (form ??= uniteForms([left.form(), right.form()])),
  }
}
