import type { BodyFormat } from '../../contract.ts'

/** A media type without what does not tell it from others: lower-case, white space gone (RFC 9110 section 8.3.1). */
export interface MediaType {
  /** `type/subtype`. */
  readonly essence: string
  readonly parameters: ReadonlyMap<string, string>
}

const mediaTypePattern = /^([\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+)[ \t]*/
const parameterPattern = /;[ \t]*([\w!#$%&'*+.^`|~-]+)=(?:([\w!#$%&'*+.^`|~-]+)|"((?:[^"\\]|\\.)*)")[ \t]*/y

/** Reads a `Content-Type`; `undefined` where it is none, names a parameter twice, or is longer than 256 characters. */
export function readMediaType(text: string): MediaType | undefined {
  const trimmed = text.trim()
  const found = trimmed.length > 256 ? null : mediaTypePattern.exec(trimmed)
  if (found === null) return undefined
  const parameters = new Map<string, string>()
  let at = found[0].length
  while (at < trimmed.length) {
    parameterPattern.lastIndex = at
    const parameter = parameterPattern.exec(trimmed)
    if (parameter === null) return undefined
    const [whole, name = '', token, quoted = ''] = parameter
    if (parameters.has(name.toLowerCase())) return undefined
    parameters.set(name.toLowerCase(), token ?? quoted.replace(/\\(.)/g, '$1'))
    at += whole.length
  }
  return { essence: (found[1] ?? '').toLowerCase(), parameters }
}

/** How a body of a media type becomes a value (RFC 6839 suffixes included). */
export function formatOf(essence: string): BodyFormat {
  const [type = '', subtype = ''] = essence.split('/')
  if (subtype === 'json' || subtype.endsWith('+json')) return 'json'
  if (/^(?:x-)?(?:ndjson|jsonl|jsonlines|json-lines|json-seq)$/.test(subtype)) return 'ndjson'
  if (subtype.endsWith('+json-seq')) return 'ndjson'
  if (essence === 'application/x-www-form-urlencoded') return 'form'
  if (type === 'multipart') return 'multipart'
  if (subtype === 'xml' || subtype.endsWith('+xml')) return 'xml'
  return type === 'text' ? 'text' : 'binary'
}

/**
 * Whether a body in this charset is read as its sender meant it: bodies are read as UTF-8, so that another
 * charset would let a text pass that the upstream reads differently (RFC 8259 section 8.1 for JSON).
 */
export function isReadable({ parameters }: MediaType, format: BodyFormat, constrained: boolean): boolean {
  const charset = parameters.get('charset')
  if (charset === undefined || format === 'binary' || format === 'multipart') return true
  if (/^(?:utf-?8|us-ascii)$/i.test(charset)) return true
  return format === 'text' && !constrained
}
