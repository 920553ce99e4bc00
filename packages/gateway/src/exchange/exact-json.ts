/**
 * Reads a JSON text so that `JSON.stringify` writes every number as it stood there: from doubles, an id of 19 digits
 * would come out as another one. Such numbers are raw texts; `undefined` where the text has none, so that the usual
 * reading will do.
 */
export function readExactly(bytes: Buffer): unknown {
  const text = bytes.toString()
  if (!longNumber.test(text)) return undefined
  return exactJson.parse(text, (_key, parsed, { source }) =>
    typeof parsed === 'number' && source !== undefined && String(parsed) !== source
      ? exactJson.rawJSON(source)
      : parsed,
  )
}

/**
 * Writes a value that is left of `original` after properties were taken away, its numbers as they stand there;
 * `undefined` where writing it in the usual way does the same.
 */
export function writeExactly(value: unknown, original: Buffer): Buffer | undefined {
  const exact = readExactly(original)
  return exact === undefined ? undefined : Buffer.from(JSON.stringify(restore(value, exact)))
}

/** A number of {@link readExactly} as the double that everybody else reads; any other value as it is. */
export function toPlainNumber(value: unknown): unknown {
  return exactJson.isRawJSON(value) ? Number((value as { readonly rawJSON: string }).rawJSON) : value
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
