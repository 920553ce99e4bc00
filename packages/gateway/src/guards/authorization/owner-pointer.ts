/** A JSON Pointer (RFC 6901) as its tokens; `*` stands for every element of an array. */
export type OwnerPointer = readonly string[]

/** Splits a pointer that begins with `/` and unescapes its tokens. */
export function parseOwnerPointer(text: string): OwnerPointer {
  return text
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** What is left of a value for one owner. */
export type OwnedPart =
  | { readonly kind: 'all' }
  | { readonly kind: 'part'; readonly value: unknown; readonly removed: number }
  /** The value itself is somebody else's, or does not name an owner where it should. */
  | { readonly kind: 'none' }

/**
 * Leaves of a value what belongs to the caller: an array element whose owner is another, or who has none, is left
 * out of the innermost `*`; without a `*` the value belongs to the caller as a whole or not at all.
 */
export function ownedPart(
  value: unknown,
  pointer: OwnerPointer,
  isOwn: (owner: unknown) => boolean,
): OwnedPart {
  const walk = new OwnerWalk(pointer, isOwn)
  const left = walk.from(value, 0)
  if (left === foreign) return { kind: 'none' }
  return walk.removed === 0 ? { kind: 'all' } : { kind: 'part', value: left, removed: walk.removed }
}

const foreign = Symbol('foreign')

class OwnerWalk {
  removed = 0
  readonly #pointer: OwnerPointer
  readonly #isOwn: (owner: unknown) => boolean

  constructor(pointer: OwnerPointer, isOwn: (owner: unknown) => boolean) {
    this.#pointer = pointer
    this.#isOwn = isOwn
  }

  from(value: unknown, depth: number): unknown {
    const token = this.#pointer[depth]
    if (token === undefined) return this.#isOwn(value) ? value : foreign
    if (token === '*') return Array.isArray(value) ? this.#elements(value, depth) : foreign
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return foreign
    const member = (value as Readonly<Record<string, unknown>>)[token]
    const left = this.from(member, depth + 1)
    if (left === member || left === foreign) return left === foreign ? foreign : value
    return Array.isArray(value) ? value.with(Number(token), left) : { ...value, [token]: left }
  }

  #elements(items: readonly unknown[], depth: number): unknown {
    const left = items.map((item) => this.from(item, depth + 1))
    const own = left.filter((item) => item !== foreign)
    this.removed += items.length - own.length
    const isWhole = own.length === items.length && own.every((item, index) => item === items[index])
    return isWhole ? items : own
  }
}
