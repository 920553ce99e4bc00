/**
 * A value as canonical JSON (RFC 8785): members in the order of their names' UTF-16 code units, no white space, numbers
 * and strings as ECMAScript writes them. Members that are `undefined` are left out.
 *
 * @throws TypeError for what JSON cannot hold: a number that is not finite, a lone surrogate, a function
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return writeNumber(value)
  if (typeof value === 'string') return writeString(value)
  if (Array.isArray(value)) return `[${value.map((item: unknown) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`a ${typeof value} is no JSON value`)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${members.map(([name, member]) => `${writeString(name)}:${canonicalJson(member)}`).join(',')}}`
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`${value} is no JSON number`)
  return JSON.stringify(value)
}

function writeString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a text with a lone surrogate has no canonical form')
  return JSON.stringify(text)
}
