/** Whether a field value holds nothing but what RFC 9110 section 5.5 allows: no CR, LF, NUL nor other control. */
export function isFieldValue(value: string): boolean {
  return !foreignToValues.test(value)
}

/**
 * The lower-case form of a field name, or `undefined` where it is not a token (RFC 9110 section 5.1).
 * Services and clients spell a few dozen names; the bound keeps one that invents names from filling memory.
 */
export function toFieldName(name: string): string | undefined {
  const known = knownNames.get(name)
  if (known !== undefined) return known
  if (!token.test(name)) return undefined
  const lower = name.toLowerCase()
  if (knownNames.size < maximumNames && name.length <= longestKnown) knownNames.set(name, lower)
  return lower
}

/** Whether a method is a token (RFC 9110 section 9.1). */
export function isMethod(method: string): boolean {
  return token.test(method)
}

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const foreignToValues = /[^\t\x20-\x7e\x80-\xff]/
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const knownNames = new Map<string, string>()
const maximumNames = 1_000
const longestKnown = 64
