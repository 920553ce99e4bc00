/** The value at a JSON Pointer (RFC 6901), inherited members left out; `undefined` where there is none. */
export function pick(value: unknown, pointer: string): unknown {
  let part = value
  for (const name of namesOf(pointer)) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, name)) return undefined
    part = (part as Record<string, unknown>)[name]
  }
  return part
}

/** A value with another one at a place that it has; changed in place, or the other one where the place is the whole. */
export function replaceAt(value: unknown, pointer: string, part: unknown): unknown {
  const last = namesOf(pointer).at(-1)
  if (last === undefined) return part
  const owner = pick(value, pointer.slice(0, pointer.lastIndexOf('/')))
  if (typeof owner === 'object' && owner !== null && Object.hasOwn(owner, last))
    Object.defineProperty(owner, last, { value: part, enumerable: true, configurable: true, writable: true })
  return value
}

function namesOf(pointer: string): readonly string[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}
