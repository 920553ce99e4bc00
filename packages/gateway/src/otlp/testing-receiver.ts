import { isDeepStrictEqual } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
// The messages of OTLP as protobufjs makes them of the published .proto files.
import published from '@opentelemetry/otlp-transformer/build/src/generated/root.js'

interface MessageType {
  fromObject(object: object): object
  verify(object: object): string | null
  encode(message: object): { finish(): Uint8Array }
  decode(bytes: Uint8Array): object
  toObject(message: object, options: object): object
}

const { collector } = (
  published as unknown as {
    opentelemetry: { proto: { collector: Record<string, { v1: Record<string, MessageType> }> } }
  }
).opentelemetry.proto

const requests: Readonly<Record<string, MessageType | undefined>> = {
  '/v1/traces': collector['trace']?.v1['ExportTraceServiceRequest'],
  '/v1/metrics': collector['metrics']?.v1['ExportMetricsServiceRequest'],
  '/v1/logs': collector['logs']?.v1['ExportLogsServiceRequest'],
}

const answers: Readonly<Record<string, MessageType | undefined>> = {
  '/v1/traces': collector['trace']?.v1['ExportTraceServiceResponse'],
}

type Json = Readonly<Record<string, unknown>>

/** What a receiver took, by path; each is a request as it came. */
export interface OtlpReceiver extends AsyncDisposable {
  readonly url: string
  readonly spans: () => readonly Json[]
  readonly logRecords: () => readonly Json[]
  /** The metrics of the last request. */
  readonly metrics: () => readonly Json[]
  readonly received: readonly { readonly path: string; readonly body: Json }[]
  /** Why requests were refused with 400. */
  readonly mistakes: readonly string[]
}

/** What a test lets a receiver answer instead; `undefined`: it takes the request. */
export type OtlpAnswer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/**
 * An OTLP/HTTP receiver that is strict: a body that is not, member for member, a message of the published protocol is
 * answered with 400. It decodes with the code that protobufjs generates of OpenTelemetry's .proto files, and what
 * comes out again must be what came in; so a name that the protocol does not know, or a wrong type, is found.
 */
export async function startOtlpReceiver(
  answer: (path: string, number: number) => OtlpAnswer | undefined = () => undefined,
  port = 0,
): Promise<OtlpReceiver> {
  const received: { path: string; body: Json }[] = []
  const mistakes: string[] = []
  let number = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { url: path = '', method, headers } = request
      const other = answer(path, ++number)
      if (other !== undefined && (other.status < 200 || other.status > 299)) {
        response.writeHead(other.status, { ...other.headers }).end(other.body)
        return
      }
      const bytes = Buffer.concat(chunks)
      const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
      const reading = method === 'POST' ? read(path, headers['content-type'], plain) : 'no POST'
      if (typeof reading === 'string') mistakes.push(reading)
      else received.push({ path, body: reading })
      const type = headers['content-type'] ?? 'application/json'
      response
        .writeHead(typeof reading === 'string' ? 400 : 200, { 'content-type': type })
        .end(other?.body ?? (type === 'application/json' ? '{}' : ''))
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const items = (path: string, ...way: readonly [string, string, string]): Json[] =>
    received.filter((one) => one.path === path).flatMap(({ body }) => itemsOf(body, way))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => items('/v1/traces', 'resourceSpans', 'scopeSpans', 'spans'),
    logRecords: () => items('/v1/logs', 'resourceLogs', 'scopeLogs', 'logRecords'),
    metrics: () => {
      const last = received.findLast(({ path }) => path === '/v1/metrics')
      return last === undefined ? [] : itemsOf(last.body, ['resourceMetrics', 'scopeMetrics', 'metrics'])
    },
    received,
    mistakes,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A request as OTLP's JSON has it; why it is none, where it is none. */
function read(path: string, contentType: string | undefined, bytes: Buffer): Json | string {
  if (contentType === 'application/json')
    return findMistake(path, bytes.toString()) ?? (JSON.parse(bytes.toString()) as Json)
  return contentType === 'application/x-protobuf' ? readProtobuf(path, bytes) : 'no JSON and no protobuf'
}

/** What protobufjs reads by the published definitions. */
export function readProtobuf(path: string, bytes: Buffer): Json | string {
  const type = requests[path]
  if (type === undefined) return `no such path: ${path}`
  try {
    const message = type.decode(bytes)
    // What the definitions do not know is passed over, and is missing where it is written again.
    const { length } = type.encode(message).finish()
    if (length !== bytes.length) return `it holds ${bytes.length - length} bytes that OTLP does not know`
    const shown = type.toObject(message, { longs: String, bytes: String, enums: Number })
    const json = JSON.parse(JSON.stringify(shown), toHexadecimal) as Json
    return findMistake(path, JSON.stringify(json)) ?? json
  } catch (thrown) {
    return String(thrown)
  }
}

/** An answer as a receiver writes it by the published definitions. */
export function writePublished(path: string, answer: object): Buffer {
  const type = answers[path]
  if (type === undefined) throw new Error(`no such path: ${path}`)
  return Buffer.from(type.encode(type.fromObject(answer)).finish())
}

const ids: ReadonlySet<string> = new Set(['traceId', 'spanId', 'parentSpanId'])

function toHexadecimal(name: string, value: unknown): unknown {
  return ids.has(name) ? Buffer.from(String(value), 'base64').toString('hex') : value
}

/** A receiver's list of attributes by name. */
export function attributesOf(item: Json | undefined): Json {
  const list = (item?.['attributes'] ?? []) as readonly { key: string; value: Json }[]
  return Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]))
}

/** Why a body is no request of that path; `undefined` where it is one. */
export function findMistake(path: string, text: string): string | undefined {
  const type = requests[path]
  if (type === undefined) return `no such path: ${path}`
  try {
    const sent = JSON.parse(text, toBytes) as object
    const message = type.fromObject(sent)
    const problem = type.verify(message)
    if (problem !== null) return problem
    const shown = type.toObject(type.decode(type.encode(message).finish()), {
      longs: String,
      bytes: String,
      enums: Number,
    })
    return isDeepStrictEqual(toPlain(shown), toPlain(sent)) ? undefined : 'it holds what OTLP does not know'
  } catch (thrown) {
    return String(thrown)
  }
}

function itemsOf(body: Json, [all, scoped, items]: readonly [string, string, string]): Json[] {
  const outer = (body[all] ?? []) as readonly Json[]
  return outer.flatMap((each) => (each[scoped] as readonly Json[]).flatMap((scope) => scope[items] as Json[]))
}

/** Ids are hexadecimal in OTLP's JSON, where proto3's own mapping has base64. */
function toBytes(name: string, value: unknown): unknown {
  if (!ids.has(name)) return value
  const size = name === 'traceId' ? 32 : 16
  if (typeof value !== 'string' || value.length !== size || !/^[0-9a-f]+$/.test(value))
    throw new Error(`${name} is no id: ${JSON.stringify(value)}`)
  return Buffer.from(value, 'hex').toString('base64')
}

/** Without what is a default in proto3, and so may be written or not. */
function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined && !isDefault(each))
      .map(([name, each]) => [name, toPlain(each)]),
  )
}

function isDefault(value: unknown): boolean {
  return (
    value === '' ||
    value === 0 ||
    value === '0' ||
    value === false ||
    (Array.isArray(value) && value.length === 0)
  )
}
