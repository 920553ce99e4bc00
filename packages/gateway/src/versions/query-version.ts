import { ambiguous, type NamedVersion } from './named-version.ts'

/**
 * The version in a raw query. A name that only some services would take for it, because of its case, of brackets or of
 * `;` between pairs, is ambiguous; so are two of them, and a broken percent-encoding.
 */
export function readQueryVersion(query: string, name: string): NamedVersion {
  if (query === '') return undefined
  let found: string | undefined
  for (const piece of query.split('&')) {
    for (const [nth, pair] of piece.split(';').entries()) {
      const equals = pair.indexOf('=')
      const given = decodeForm(equals === -1 ? pair : pair.slice(0, equals))
      if (given === undefined) return ambiguous
      if (!isLike(given, name)) continue
      if (given !== name || nth > 0 || found !== undefined) return ambiguous
      found = decodeForm(equals === -1 ? '' : piece.slice(equals + 1))
      if (found === undefined) return ambiguous
    }
  }
  return found
}

/** Whether any service could take the one name for the other. */
function isLike(given: string, name: string): boolean {
  return toPlain(given) === toPlain(name)
}

// PHP takes `version[]` and `version[a]` for `version`, and dots and spaces for underscores.
function toPlain(name: string): string {
  return name.replace(/\[.*$/s, '').trim().replaceAll(/[. ]/g, '_').toLowerCase()
}

function decodeForm(text: string): string | undefined {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
