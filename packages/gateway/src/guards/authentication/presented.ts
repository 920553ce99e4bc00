import type { Exchange } from '../../exchange/exchange.ts'

/** What a place of the request holds: nothing, one text, or something that two readers could read differently. */
export type Presented = string | undefined | typeof ambiguous

/** More than one credential in a place that has room for one. */
export const ambiguous = Symbol('ambiguous')

/** Reads a field that may be there once: services differ in which of two they take. */
export function presentedInHeader(exchange: Exchange, name: string): Presented {
  const { headers } = exchange.request
  const value = headers.get(name)
  return value !== undefined && headers.count(name) > 1 ? ambiguous : value
}

/** Reads a cookie (RFC 6265 section 5.4) that may be there once. */
export function presentedInCookie(exchange: Exchange, name: string): Presented {
  const cookies = exchange.request.headers.getJoined('cookie')
  return cookies === undefined ? undefined : single(cookies.split(';'), (pair) => pair.trimStart(), name)
}

/** Reads a query parameter that may be there once; its value as it stands on the wire. */
export function presentedInQuery(exchange: Exchange, name: string): Presented {
  const { query } = exchange.request
  return query === '' ? undefined : single(query.split('&'), decodeName, name)
}

function single(pairs: readonly string[], normalize: (pair: string) => string, name: string): Presented {
  let found: Presented
  for (const pair of pairs) {
    const text = normalize(pair)
    if (!text.startsWith(name) || (text.length > name.length && text.charAt(name.length) !== '=')) continue
    if (found !== undefined) return ambiguous
    found = text.slice(name.length + 1)
  }
  return found
}

// Only the name: a key has no character that would need an escape, so an escaped value is none.
function decodeName(pair: string): string {
  const end = pair.indexOf('=')
  const name = end === -1 ? pair : pair.slice(0, end)
  if (!name.includes('%') && !name.includes('+')) return pair
  try {
    return decodeURIComponent(name.replaceAll('+', ' ')) + (end === -1 ? '' : pair.slice(end))
  } catch {
    return pair
  }
}
