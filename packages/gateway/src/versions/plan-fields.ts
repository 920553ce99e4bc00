/** What callers are told of an end that comes; instants in milliseconds since the Unix epoch. */
export interface Announcement {
  readonly deprecated: number | undefined
  readonly sunset: number | undefined
  readonly links: readonly (readonly [relation: string, target: string])[]
}

/**
 * The header fields of an announcement, flat: `Deprecation` as a Date of structured fields (RFC 9745 section 2, RFC 9651
 * section 3.3.7), `Sunset` as an HTTP-date (RFC 8594 section 3) and their links (RFC 8288).
 */
export function toFields({ deprecated, sunset, links }: Announcement): readonly string[] {
  const fields: string[] = []
  if (deprecated !== undefined) fields.push('deprecation', `@${Math.floor(deprecated / 1_000)}`)
  if (sunset !== undefined) fields.push('sunset', new Date(sunset).toUTCString())
  if (links.length > 0) fields.push('link', toLinkValue(links))
  return fields
}

/** The value of a `Link` field. */
function toLinkValue(links: Announcement['links']): string {
  return links.map(([relation, target]) => `<${target}>; rel="${relation}"`).join(', ')
}
