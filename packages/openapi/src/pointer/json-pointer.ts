/** One reference token as it stands in a JSON Pointer: `~` and `/` escaped (RFC 6901 section 3). */
export function escapeToken(token: string): string {
  return token.includes('~') || token.includes('/')
    ? token.replaceAll('~', '~0').replaceAll('/', '~1')
    : token
}

/** The pointer to a member of what `pointer` names. */
export function childPointer(pointer: string, token: string | number): string {
  return `${pointer}/${escapeToken(String(token))}`
}

/** The tokens of a JSON Pointer, unescaped; `undefined` where the text is no pointer (RFC 6901 section 3). */
export function pointerTokens(pointer: string): readonly string[] | undefined {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) return undefined
  return pointer.slice(1).split('/').map(unescapeToken)
}

/** What `tokens` lead to below `root`, or `undefined` where they lead nowhere. Own members only. */
export function valueAt(root: unknown, tokens: readonly string[]): unknown {
  let value = root
  for (const token of tokens) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[token]
  }
  return value
}

/**
 * The pointer in a URL's fragment: percent-decoded (RFC 6901 section 6). `undefined` where the fragment is
 * an anchor's name or its escapes are broken.
 */
export function fragmentPointer(fragment: string): string | undefined {
  if (fragment !== '' && !fragment.startsWith('/')) return undefined
  try {
    return decodeURIComponent(fragment)
  } catch {
    return undefined
  }
}

function unescapeToken(token: string): string {
  return token.includes('~') ? token.replaceAll('~1', '/').replaceAll('~0', '~') : token
}
