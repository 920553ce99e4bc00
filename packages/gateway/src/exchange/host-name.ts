/**
 * The host that a `Host` field or `:authority` names, lower case and without port; `undefined` where the text is not
 * `uri-host [ ":" port ]` (RFC 9110 section 7.2): empty, with user information, a list, or with foreign characters.
 */
export function toHostName(authority: string): string | undefined {
  const known = knownAuthorities.get(authority)
  if (known !== undefined) return known
  const match = wellFormed.exec(authority)
  if (match === null || Number(match[2] ?? 0) > 65_535) return undefined
  const host = (match[1] as string).toLowerCase()
  if (knownAuthorities.size < maximumAuthorities) knownAuthorities.set(authority, host)
  return host
}

// A gateway serves a few hosts under a few spellings; the bound keeps a client that invents names from filling memory.
const knownAuthorities = new Map<string, string>()
const maximumAuthorities = 1_000

// reg-name without percent-encoding and sub-delims, which no DNS name needs and parsers disagree on; or an IP literal.
const wellFormed = /^([A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?$/
