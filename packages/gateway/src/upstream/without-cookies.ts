/** A `Cookie` field without the cookies of these names (RFC 6265 section 4.2.1); empty where none is left. */
export function withoutCookies(field: string, names: readonly string[]): string {
  return field
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !names.includes((pair.split('=', 1)[0] ?? '').trim()))
    .join('; ')
}
