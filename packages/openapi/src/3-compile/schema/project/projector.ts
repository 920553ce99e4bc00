import { toToken } from '../pointer.ts'
import type { Form, Member, Shape } from './form.ts'
import type { ShapeResolver } from './merge-shapes.ts'

/** What is left of a value, and what had to go. */
export interface Projection {
  readonly value: unknown
  readonly removed: readonly string[]
}

/** Pointers told of one value. */
const mostTold = 20

/** Values nested deeper than this are removed unread: no contract describes them. */
const deepest = 200

const nothing: readonly string[] = []

/** Makes the function that removes from a value what its form does not declare, or hides from the caller. */
export function createProjector(
  form: Form,
  resolve: ShapeResolver,
): (value: unknown, scopes: ReadonlySet<string>) => Projection {
  return (value, scopes) => {
    const walk = new ProjectionWalk(resolve, scopes)
    const left = walk.value(value, form)
    return { value: left, removed: left === value ? nothing : walk.removed }
  }
}

class ProjectionWalk {
  readonly removed: string[] = []
  readonly #resolve: ShapeResolver
  readonly #scopes: ReadonlySet<string>
  readonly #path: (string | number)[] = []

  constructor(resolve: ShapeResolver, scopes: ReadonlySet<string>) {
    this.#resolve = resolve
    this.#scopes = scopes
  }

  /** The value itself where nothing had to go, so that callers can tell by identity. */
  value(value: unknown, form: Form): unknown {
    if (typeof value !== 'object' || value === null) return value
    const shape = this.#resolve(form, value, false)
    return Array.isArray(value)
      ? this.#items(value, shape)
      : this.#members(value as Record<string, unknown>, shape)
  }

  #items(items: readonly unknown[], shape: Shape): unknown {
    const { prefix, lists } = shape
    const rest = shape.items ?? (lists ? undefined : undeclared)
    if (prefix.length === 0 && rest === undefined) return items
    let copy: unknown[] | undefined
    for (let at = 0; at < items.length; at++) {
      const member = prefix[at] ?? rest
      const item = items[at]
      if (member === undefined || typeof item !== 'object' || item === null) continue
      const left = this.#inside(at, item, member)
      if (left === item) continue
      copy ??= [...items]
      copy[at] = left
    }
    return copy ?? items
  }

  #members(object: Readonly<Record<string, unknown>>, shape: Shape): unknown {
    if (shape.open && shape.objects) return object
    let copy: Record<string, unknown> | undefined
    for (const name in object) {
      const member = findMember(shape, name)
      const part = object[name]
      if (member === undefined || !this.#isVisible(member)) {
        copy ??= copyOf(object)
        delete copy[name]
        this.#tell(name)
      } else if (typeof part === 'object' && part !== null) {
        const left = this.#inside(name, part, member)
        if (left === part) continue
        copy ??= copyOf(object)
        // Not an assignment: that would run the setter of `__proto__`.
        Object.defineProperty(copy, name, {
          value: left,
          enumerable: true,
          configurable: true,
          writable: true,
        })
      }
    }
    return copy ?? object
  }

  #inside(step: string | number, part: object, member: Member): unknown {
    if (this.#path.length >= deepest) {
      this.#tell(step)
      return null
    }
    this.#path.push(step)
    const left = this.value(part, member.form())
    this.#path.pop()
    return left
  }

  #isVisible({ hidden, scopes }: Member): boolean {
    if (hidden) return false
    for (let at = 0; at < scopes.length; at++) if (!this.#scopes.has(scopes[at] ?? '')) return false
    return true
  }

  #tell(step: string | number): void {
    if (this.removed.length >= mostTold) return
    this.removed.push(`/${[...this.#path, step].map(toToken).join('/')}`)
  }
}

/** An item of an array that stands where no array is declared. */
const undeclared: Member = {
  hidden: false,
  scopes: [],
  form: () => ({
    shape: {
      id: Number.MIN_SAFE_INTEGER,
      members: new Map(),
      patterns: [],
      rest: undefined,
      prefix: [],
      items: undefined,
      open: false,
      objects: false,
      lists: false,
    },
    alternatives: [],
    free: false,
    sanitize: [],
    dataClass: undefined,
  }),
}

function findMember(shape: Shape, name: string): Member | undefined {
  const declared = shape.members.get(name)
  if (declared !== undefined) return declared
  for (const [matches, member] of shape.patterns) if (matches(name)) return member
  return shape.rest
}

function copyOf(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...object }
}
