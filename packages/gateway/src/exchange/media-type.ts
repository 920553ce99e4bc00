/** A `Content-Type` field, read strictly (RFC 9110 section 8.3.1). */
export interface MediaType {
  /** `type/subtype` in lower case. */
  readonly essence: string
  /** Parameter names in lower case, values unquoted and as they came. */
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * Reads one media type; `undefined` for anything that another reader could take for another type: a list, a
 * parameter that comes twice, an unfinished quoted string, a parameter without a value.
 */
export function parseMediaType(text: string): MediaType | undefined {
  if (text.length > maximumLength) return undefined
  const head = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+\/[!#$%&'*+.^_`|~0-9A-Za-z-]+/.exec(text)?.[0]
  if (head === undefined) return undefined
  const parameters = parseParameters(text, head.length)
  return parameters === undefined ? undefined : { essence: head.toLowerCase(), parameters }
}

/**
 * Reads `; name=value` pairs from `from` to the end of `text` (RFC 9110 section 5.6.6), values as tokens or quoted
 * strings; `undefined` where they are malformed or a name comes twice.
 */
function parseParameters(text: string, from: number): ReadonlyMap<string, string> | undefined {
  if (from === text.length) return noParameters
  const parameters = new Map<string, string>()
  for (let at = from; at < text.length;) {
    parameter.lastIndex = at
    const match = parameter.exec(text)
    if (match === null) return undefined
    const name = (match[1] as string).toLowerCase()
    if (parameters.has(name)) return undefined
    parameters.set(name, match[2] ?? (match[3] as string).replace(/\\(.)/g, '$1'))
    at = parameter.lastIndex
  }
  return parameters
}

/** Whether the `charset` parameter is absent or says UTF-8, or ASCII which is a part of it. */
export function isUtf8Charset(mediaType: MediaType): boolean {
  const charset = mediaType.parameters.get('charset')
  return charset === undefined || /^(?:utf-?8|us-ascii)$/i.test(charset)
}

const maximumLength = 1_024
const noParameters: ReadonlyMap<string, string> = new Map()

// Linear: each class is disjoint from what follows it, and `y` never searches.
const parameter =
  /[ \t]*;[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)|"((?:[\t !\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\x20-\x7e])*)")[ \t]*/y
