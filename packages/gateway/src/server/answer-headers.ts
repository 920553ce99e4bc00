import { STATUS_CODES } from 'node:http'
import { isFieldValue, toFieldName } from '../exchange/field-syntax.ts'

/**
 * The header lines of an answer as they go on the wire: without the fields that belong to a connection
 * (RFC 9110 section 7.6.1, RFC 9113 section 8.2.2), since each hop writes its own, and with the length of the body.
 * @param length of the body; `undefined`: whatever the headers say stands, but for a status that has no length at all
 */
export function toWireHeaders(
  status: number,
  headers: readonly string[],
  length: number | undefined,
): string[] {
  const wire: string[] = []
  const writesLength = length !== undefined || status === 204 || status < 200
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string
    if (isConnectionField(name) || (writesLength && name === 'content-length')) continue
    wire.push(name, headers[index + 1] as string)
  }
  if (length !== undefined) wire.push('content-length', String(length))
  return wire
}

/**
 * The head of an HTTP/1.1 answer, as {@link toWireHeaders} has it and in one text; `undefined` where it cannot be written:
 * a line break in a value would begin a field of its own.
 * @param connection the fields of this hop, each with its line break
 */
export function writeAnswerHead(
  status: number,
  headers: readonly string[],
  length: number | undefined,
  connection: string,
): string | undefined {
  let head = statusLines.get(status) ?? writeStatusLine(status)
  const writesLength = length !== undefined || status === 204 || status < 200
  let hasDate = false
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string
    if (isConnectionField(name) || (writesLength && name === 'content-length')) continue
    const value = headers[index + 1] as string
    if (toFieldName(name) !== name || !isFieldValue(value)) return undefined
    if (name === 'date') hasDate = true
    head += `${name}: ${value}\r\n`
  }
  if (!hasDate) head += currentDate()
  if (length !== undefined) head += `content-length: ${length}\r\n`
  return `${head}${connection}\r\n`
}

/** The `content-length` that an answer declares, or -1. */
export function declaredLength(headers: readonly string[]): number {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index] === 'content-length') return Number(headers[index + 1])
  }
  return -1
}

/** The length to write for a body held whole; `undefined` where there may be none (RFC 9110 section 8.6). */
export function lengthOf(status: number, method: string, bytes: Buffer | undefined): number | undefined {
  if (status === 204 || status === 304 || status < 200) return undefined
  if (bytes !== undefined) return bytes.length
  return method === 'HEAD' ? undefined : 0
}

function isConnectionField(name: string): boolean {
  switch (name.length) {
    case 2:
      return name === 'te'
    case 7:
      return name === 'upgrade' || name === 'trailer'
    case 10:
      return name === 'connection' || name === 'keep-alive'
    case 16:
      return name === 'proxy-connection'
    case 17:
      return name === 'transfer-encoding'
    default:
      return false
  }
}

const statusLines = new Map<number, string>()

function writeStatusLine(status: number): string {
  const line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
  if (status >= 100 && status <= 999) statusLines.set(status, line)
  return line
}

let dateSecond = 0
let dateField = ''

// All answers of one second have the same.
function currentDate(): string {
  const second = Math.floor(Date.now() / 1_000)
  if (second === dateSecond) return dateField
  dateSecond = second
  dateField = `date: ${new Date(second * 1_000).toUTCString()}\r\n`
  return dateField
}
