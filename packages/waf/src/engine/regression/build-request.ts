import { bytesOfText } from '../../language/bytes.ts'
import type { WafRequestHead } from '../request-head.ts'

/** What a stage of a regression suite says of its request. */
export interface StageInput {
  readonly method?: string
  readonly uri?: string
  readonly version?: string
  readonly headers?: Readonly<Record<string, string | number>>
  readonly data?: string | readonly string[]
  /** Nothing is added to the headers: `stop_magic` in suites of CRS 3, `autocomplete_headers: false` in those of CRS 4. */
  readonly stop_magic?: boolean
  readonly autocomplete_headers?: boolean
  readonly encoded_request?: string
  readonly raw_request?: string
}

/** A request of a suite as an engine is given it. */
export interface RegressionRequest {
  readonly head: WafRequestHead
  readonly body: Buffer
  /** The bytes that a client writes. */
  readonly wire: Buffer
}

/**
 * The request of a stage, with what go-ftw adds to it.
 *
 * @param tellsEmptyBodies whether methods that usually have a body get a length without one, as runners of CRS 4 do it
 */
export function buildRequest(input: StageInput, tellsEmptyBodies: boolean): RegressionRequest {
  const { encoded_request: encoded, raw_request: raw } = input
  if (encoded !== undefined) return parseRequest(Buffer.from(encoded, 'base64').toString('latin1'))
  return raw === undefined ? composeRequest(input, tellsEmptyBodies) : parseRequest(bytesOfText(raw))
}

function composeRequest(input: StageInput, tellsEmptyBodies: boolean): RegressionRequest {
  const headers = new Map(Object.entries(input.headers ?? {}).map(([name, value]) => [name, String(value)]))
  let data = typeof input.data === 'string' ? fillIn(input.data) : (input.data?.join('\r\n') ?? '')
  const method = input.method ?? 'GET'
  if (input.stop_magic !== true && input.autocomplete_headers !== false) {
    if (data !== '') setDefault(headers, 'Content-Type', 'application/x-www-form-urlencoded')
    const type = valueOf(headers, 'content-type') ?? ''
    if (type === 'application/x-www-form-urlencoded') data = encodePairs(data)
    if (type.startsWith('multipart/')) data = data.replaceAll(/\r?\n/g, '\r\n')
    setDefault(headers, 'Connection', 'close')
    if (data !== '' || (tellsEmptyBodies && /^POST|PUT|PATCH|DELETE$/.test(method))) {
      setDefault(headers, 'Content-Length', String(Buffer.byteLength(data)))
    }
  }
  const lower = new Map([...headers].map(([name, value]) => [name.toLowerCase(), value]))
  return {
    // A request line without a version is one of HTTP/0.9 to a server.
    head: headOf(method, input.uri ?? '/', (input.version ?? 'HTTP/1.1') || 'HTTP/0.9', [...headers]),
    body: Buffer.from(bodyOf(Buffer.from(data).toString('latin1'), lower), 'latin1'),
    wire: toWire(input, headers, data),
  }
}

/** The one template that suites use: `{{ "1" | repeat 64200 }}`. */
function fillIn(data: string): string {
  return data.replace(/\{\{ *"([^"]*)" *\| *repeat +(\d+) *\}\}/g, (_, text: string, times: string) =>
    text.repeat(Number(times)),
  )
}

function parseRequest(raw: string): RegressionRequest {
  const end = raw.search(/\r?\n\r?\n/)
  const [line = '', ...fields] = (end === -1 ? raw : raw.slice(0, end)).split(/\r?\n/)
  const [method = '', target = '', protocol = 'HTTP/0.9'] = line.split(' ')
  const headers = fields.filter(Boolean).map((field): [string, string] => {
    const colon = field.indexOf(':')
    return [field.slice(0, colon), field.slice(colon + 1).trim()]
  })
  const rest = end === -1 ? '' : raw.slice(end).replace(/^\r?\n\r?\n/, '')
  const body = bodyOf(rest, new Map(headers.map(([name, value]) => [name.toLowerCase(), value])))
  return {
    head: { ...headOf(method, target, protocol, []), headers },
    body: Buffer.from(body, 'latin1'),
    wire: Buffer.from(raw, 'latin1'),
  }
}

function toWire(
  { method, uri, version }: StageInput,
  headers: ReadonlyMap<string, string>,
  data: string,
): Buffer {
  const line = [
    method ?? 'GET',
    uri ?? '/',
    ...((version ?? 'HTTP/1.1') === '' ? [] : [version ?? 'HTTP/1.1']),
  ].join(' ')
  const fields = [...headers].map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${line}\r\n${fields.join('')}\r\n${data}`)
}

/** The body as a server hands it on: without chunks, and without what stands behind its end; none where no header tells of it. */
function bodyOf(rest: string, headers: ReadonlyMap<string, string>): string {
  if (headers.get('transfer-encoding')?.toLowerCase() === 'chunked') return withoutChunks(rest)
  const length = headers.get('content-length')
  if (length === undefined) return ''
  return /^\d+$/.test(length) ? rest.slice(0, Number(length)) : rest
}

function withoutChunks(text: string): string {
  let body = ''
  for (let at = 0; ;) {
    const [head, size = '0'] = /^([0-9A-Fa-f]+)[^\r\n]*\r?\n/.exec(text.slice(at)) ?? []
    const length = Number.parseInt(size, 16)
    if (head === undefined || length === 0) return body
    body += text.slice(at + head.length, at + head.length + length)
    at += head.length + length
    at += /^\r?\n/.exec(text.slice(at))?.[0].length ?? 0
  }
}

function headOf(
  method: string,
  target: string,
  protocol: string,
  headers: readonly (readonly [string, string])[],
): WafRequestHead {
  return {
    method: bytesOfText(method),
    target: bytesOfText(target),
    protocol,
    headers: headers.map(([name, value]) => [bytesOfText(name), bytesOfText(value)]),
    clientAddress: '127.0.0.1',
    id: 'regression',
  }
}

function setDefault(headers: Map<string, string>, name: string, value: string): void {
  if (valueOf(headers, name.toLowerCase()) === undefined) headers.set(name, value)
}

function valueOf(headers: ReadonlyMap<string, string>, lowerName: string): string | undefined {
  return [...headers].find(([name]) => name.toLowerCase() === lowerName)?.[1]
}

/** Escapes names and values of a form, unless something in it is escaped already. */
function encodePairs(data: string): string {
  if (/[%+]/.test(data)) return data
  return data
    .split('&')
    .map((pair) =>
      pair
        .split(/=([^]*)/, 2)
        .map(queryEscape)
        .join('='),
    )
    .join('&')
}

function queryEscape(text: string): string {
  return encodeURIComponent(text)
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}
