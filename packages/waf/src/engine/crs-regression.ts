import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { bytesOfText } from '../language/bytes.ts'
import type { WafRequestHead } from './request-head.ts'

/** One exchange of the Core Rule Set's regression suite. */
export interface RegressionStage {
  readonly title: string
  readonly head: WafRequestHead
  readonly body: Buffer
  readonly expected: RegExp | undefined
  readonly unexpected: RegExp | undefined
}

interface StageInput {
  readonly method?: string
  readonly uri?: string
  readonly version?: string
  readonly headers?: Readonly<Record<string, string | number>>
  readonly data?: string | readonly string[]
  readonly stop_magic?: boolean
  readonly encoded_request?: string
  readonly raw_request?: string
}

interface Stage {
  readonly input: StageInput
  readonly output: {
    readonly log_contains?: string
    readonly no_log_contains?: string
    readonly status?: number | readonly number[]
    readonly expect_error?: boolean
  }
}

interface TestFile {
  readonly tests?: readonly {
    readonly test_title: string
    readonly stages: readonly (Stage | { readonly stage: Stage })[]
  }[]
}

/** The folder of the suite, beside the repository. */
export const regressionFolder = join(
  import.meta.dirname,
  '../../../../../shared/data/crs-3.3.4-regression/tests/regression/tests',
)

/** The file with which Debian's package modsecurity-crs loads the rules. */
export const crsLoader = '/usr/share/modsecurity-crs/owasp-crs.load'

/** What is missing for the suite; undefined where it can run. */
export function missingForRegression(): string | undefined {
  if (!existsSync(regressionFolder)) return 'shared/data/crs-3.3.4-regression is not here'
  return existsSync(crsLoader) ? undefined : 'Debian package modsecurity-crs is not installed'
}

/**
 * Reads every stage that says what the log must or must not hold, with the request built as go-ftw builds it. Stages about the
 * answer's status alone are about the server in front of the engine, and left out.
 */
export function readRegression(): readonly RegressionStage[] {
  return readdirSync(regressionFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .flatMap((name) => {
      const file = parse(readFileSync(join(regressionFolder, name), 'utf8')) as TestFile
      return (file.tests ?? []).flatMap((test) =>
        test.stages.flatMap(
          (stage) => toStage(test.test_title, 'stage' in stage ? stage.stage : stage) ?? [],
        ),
      )
    })
}

function toStage(title: string, { input, output }: Stage): RegressionStage | undefined {
  if (output.log_contains === undefined && output.no_log_contains === undefined) return undefined
  const encoded = input.encoded_request
  const raw =
    encoded === undefined
      ? input.raw_request && bytesOfText(input.raw_request)
      : Buffer.from(encoded, 'base64').toString('latin1')
  return {
    title,
    ...(raw === undefined ? buildRequest(input) : parseRequest(raw)),
    expected: output.log_contains === undefined ? undefined : new RegExp(output.log_contains),
    unexpected: output.no_log_contains === undefined ? undefined : new RegExp(output.no_log_contains),
  }
}

type RegressionRequest = Pick<RegressionStage, 'head' | 'body'>

function buildRequest(input: StageInput): RegressionRequest {
  const headers = new Map(Object.entries(input.headers ?? {}).map(([name, value]) => [name, String(value)]))
  let data = typeof input.data === 'string' ? input.data : (input.data?.join('\r\n') ?? '')
  const method = input.method ?? 'GET'
  if (input.stop_magic !== true) {
    if (data !== '') setDefault(headers, 'Content-Type', 'application/x-www-form-urlencoded')
    const type = valueOf(headers, 'content-type') ?? ''
    if (type === 'application/x-www-form-urlencoded') data = encodePairs(data)
    if (type.startsWith('multipart/')) data = data.replaceAll(/\r?\n/g, '\r\n')
    setDefault(headers, 'Connection', 'close')
    if (data !== '') setDefault(headers, 'Content-Length', String(Buffer.byteLength(data)))
  }
  return {
    head: headOf(method, input.uri ?? '/', input.version ?? 'HTTP/1.1', [...headers]),
    body: Buffer.from(data),
  }
}

function parseRequest(raw: string): RegressionRequest {
  const end = raw.search(/\r?\n\r?\n/)
  const [line = '', ...fields] = (end === -1 ? raw : raw.slice(0, end)).split(/\r?\n/)
  const [method = '', target = '', protocol = 'HTTP/0.9'] = line.split(' ')
  const headers = fields.filter(Boolean).map((field): [string, string] => {
    const colon = field.indexOf(':')
    return [field.slice(0, colon), field.slice(colon + 1).trim()]
  })
  const body = end === -1 ? '' : raw.slice(end).replace(/^\r?\n\r?\n/, '')
  return { head: headOf(method, target, protocol, headers), body: Buffer.from(body, 'latin1') }
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
