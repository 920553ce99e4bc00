/** One member's name as a JSON Pointer token (RFC 6901 section 3). */
export function toToken(name: string | number): string {
  return typeof name === 'number' ? String(name) : name.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** The names a JSON Pointer goes through; the empty pointer goes through none. */
export function tokensOf(pointer: string): string[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The value at a JSON Pointer, or `undefined` where the pointer leads nowhere. Inherited members are not seen. */
export function valueAt(root: unknown, pointer: string): unknown {
  let value: unknown = root
  for (const token of tokensOf(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined
    value = (value as Record<string, unknown>)[token]
  }
  return value
}
