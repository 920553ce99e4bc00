import type { ByteString } from '../language/bytes.ts'
import { bytesOf } from '../language/bytes.ts'

/** A request as its bytes say it, read as far as they can be read. */
export interface RawRequestReading {
  /** The whole first line, as it stands. */
  readonly line: ByteString
  readonly method: ByteString
  readonly target: ByteString
  /** `HTTP/0.9` where the line names none. */
  readonly protocol: ByteString
  readonly headers: readonly (readonly [name: ByteString, value: ByteString])[]
  /** What stands behind the empty line: no longer than `Content-Length` says, and with its chunks joined. */
  readonly body: Buffer
}

const mostHeaders = 1_000

/**
 * Reads the bytes of one HTTP/1 request that a strict parser may have refused: lines may end in LF alone, any method, target and
 * version stands for itself, and a line without a colon is a field without a value. For rules and logs; what is forwarded is
 * never read with this.
 */
export function readRawRequest(bytes: Buffer): RawRequestReading {
  const end = /\r?\n\r?\n/.exec(bytesOf(bytes))
  const headEnd = end === null ? bytes.length : end.index
  const [line = '', ...fields] = bytesOf(bytes.subarray(0, headEnd)).split(/\r?\n/, mostHeaders + 1)
  const headers = fields.filter(Boolean).map(toField)
  const rest = end === null ? Buffer.alloc(0) : bytes.subarray(headEnd + end[0].length)
  return { line: line as ByteString, ...readLine(line), headers, body: readBody(rest, headers) }
}

type Line = Pick<RawRequestReading, 'method' | 'target' | 'protocol'>

function readLine(line: string): Line {
  const first = line.indexOf(' ')
  if (first === -1) return toLine(line, '', 'HTTP/0.9')
  const last = line.lastIndexOf(' ')
  if (last > first && /^[A-Za-z]+\/\S*$/.test(line.slice(last + 1))) {
    return toLine(line.slice(0, first), line.slice(first + 1, last), line.slice(last + 1))
  }
  return toLine(line.slice(0, first), line.slice(first + 1), 'HTTP/0.9')
}

function toLine(method: string, target: string, protocol: string): Line {
  return { method: method as ByteString, target: target as ByteString, protocol: protocol as ByteString }
}

function toField(text: string): readonly [ByteString, ByteString] {
  const colon = text.indexOf(':')
  const name = colon === -1 ? text : text.slice(0, colon)
  const value = colon === -1 ? '' : text.slice(colon + 1)
  return [name as ByteString, value.replace(/^[ \t]+|[ \t]+$/g, '') as ByteString]
}

function readBody(rest: Buffer, headers: RawRequestReading['headers']): Buffer {
  const valueOf = (name: string): string | undefined =>
    headers.find(([each]) => each.toLowerCase() === name)?.[1]
  if (valueOf('transfer-encoding')?.toLowerCase().endsWith('chunked') === true) return joinChunks(rest)
  const length = valueOf('content-length')
  return length !== undefined && /^\d{1,12}$/.test(length) ? rest.subarray(0, Number(length)) : rest
}

/** RFC 9112 section 7.1; a body that breaks off, or is not in chunks, is what was read of it. */
function joinChunks(rest: Buffer): Buffer {
  const chunks: Buffer[] = []
  for (let at = 0; at < rest.length;) {
    const lineEnd = rest.indexOf('\n', at)
    const size = Number.parseInt(bytesOf(rest.subarray(at, lineEnd === -1 ? rest.length : lineEnd)), 16)
    if (lineEnd === -1 || !(size > 0)) break
    chunks.push(rest.subarray(lineEnd + 1, lineEnd + 1 + size))
    at = lineEnd + 1 + size
    if (rest[at] === 0x0d) at++
    if (rest[at] === 0x0a) at++
  }
  return chunks.length === 0 ? rest : Buffer.concat(chunks)
}
