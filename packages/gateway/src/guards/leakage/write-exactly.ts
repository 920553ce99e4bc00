/**
 * Writes a value that is part of `original` with the numbers as they stand there: written anew from doubles, an id
 * of 19 digits would come out as another one. `undefined` where the text has no such numbers, so that nothing is
 * read a second time.
 */
export function writeExactly(value: unknown, original: Buffer): Buffer | undefined {
  const text = original.toString()
  if (!longNumber.test(text)) return undefined
  const exact = exactJson.parse(text, (_key, parsed, { source }) =>
    typeof parsed === 'number' && source !== undefined && String(parsed) !== source
      ? exactJson.rawJSON(source)
      : parsed,
  )
  return Buffer.from(JSON.stringify(restore(value, exact)))
}

const longNumber = /\d{16}|\d[eE][+-]?\d|\.\d{15}/

/** What the ECMAScript proposal "JSON.parse source text access" adds, which the runtime has and its types lack. */
interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown
  rawJSON(text: string): object
  isRawJSON(value: unknown): boolean
}

const exactJson = JSON as unknown as ExactJson

// Both have the same shape where the value has anything: only properties were taken away.
function restore(value: unknown, exact: unknown): unknown {
  if (typeof value === 'number') return exactJson.isRawJSON(exact) ? exact : value
  if (typeof value !== 'object' || value === null || typeof exact !== 'object' || exact === null) return value
  if (Array.isArray(value))
    return value.map((item: unknown, index) => restore(item, (exact as readonly unknown[])[index]))
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      restore(member, (exact as Readonly<Record<string, unknown>>)[key]),
    ]),
  )
}
