import { isFieldValue, toFieldName } from '../../exchange/field-syntax.ts'

/** A request that lies whole in one packet and leaves nothing to interpretation. */
export interface PlainRequest {
  readonly method: string
  readonly target: string
  readonly fields: PlainFields
  readonly body: Buffer
}

/** The header section of a plain request. */
export interface PlainFields {
  /** As it came, from behind the first line to the line break of its last field. */
  readonly text: string
  /** Alternating lower-case names and values; not to be changed, since the next request may have the same. */
  readonly flat: readonly string[]
  readonly contentLength: number
}

/**
 * Reads a request that is ordinary in every respect: a usual method, a path, `HTTP/1.1`, fields of which none says anything
 * about the connection or another framing than one short `Content-Length`, and exactly the bytes that belong to it.
 * `undefined` says nothing but that it is for the general parser to read, which takes what is unusual, and knows what is wrong.
 * So this may only ever be stricter than that one: what both take, they read the same.
 * @param latest the fields of the request before on the same connection, since clients repeat theirs
 */
export function readPlainRequest(bytes: Buffer, latest: PlainFields | undefined): PlainRequest | undefined {
  const end = bytes.indexOf(emptyLine)
  if (end === -1) return undefined
  const head = bytes.toString('latin1', 0, end + 2)
  const lineEnd = head.indexOf('\r\n')
  const methodEnd = head.indexOf(' ')
  const method = head.slice(0, Math.max(0, methodEnd))
  if (!methods.has(method) || !head.startsWith(version, lineEnd - version.length)) return undefined
  const target = head.slice(methodEnd + 1, lineEnd - version.length)
  if (!plainTarget.test(target)) return undefined
  const text = head.slice(lineEnd + 2)
  const fields = text === latest?.text ? latest : readFields(text)
  if (fields === undefined || bytes.length - end - emptyLine.length !== fields.contentLength) return undefined
  return { method, target, fields, body: bytes.subarray(end + emptyLine.length) }
}

function readFields(text: string): PlainFields | undefined {
  const flat: string[] = []
  let contentLength = -1
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\r\n', start)
    const colon = text.indexOf(':', start)
    if (colon === -1 || colon > end) return undefined
    const name = toFieldName(text.slice(start, colon))
    const value = trimBlanks(text, colon + 1, end)
    if (name === undefined || !isFieldValue(value) || isUnusual(name, value)) return undefined
    if (name === 'content-length') {
      if (contentLength !== -1 || !plainLength.test(value)) return undefined
      contentLength = Number(value)
    }
    flat.push(name, value)
    start = end + 2
  }
  return { text, flat, contentLength: Math.max(0, contentLength) }
}

function trimBlanks(text: string, start: number, end: number): string {
  let from = start
  let to = end
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

// What says something about the connection, or about a body that no length bounds. Asked by length first, since most are others.
function isUnusual(name: string, value: string): boolean {
  if (name.length === 10 && name === 'connection') return value !== 'keep-alive' && value !== 'Keep-Alive'
  return unusualLengths.has(name.length) && unusual.has(name)
}

const emptyLine = Buffer.from('\r\n\r\n')
const version = ' HTTP/1.1'
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
// A path, and of the characters of RFC 3986 those that no parser has ever read in two ways.
const plainTarget = /^\/[\w.~%!$&'()*+,;=:@/?-]*$/
/** One that is written in one way alone, and whose body is small enough to come with its head. */
const plainLength = /^(?:0|[1-9][0-9]{0,4})$/
const unusual: ReadonlySet<string> = new Set([
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
const unusualLengths: ReadonlySet<number> = new Set(Array.from(unusual, ({ length }) => length))
