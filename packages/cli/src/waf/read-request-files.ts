import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readRawRequest, type RawRequestReading } from '@gateward/waf'
import { plural } from '../output.ts'
import { printable } from '../printable.ts'
import { UsageError } from '../usage-error.ts'

/** A raw HTTP request in a file. */
export interface RequestFile {
  readonly file: string
  readonly request: RawRequestReading
  /** What a reader of the result should know of the file. */
  readonly note: string | undefined
}

const longestRequest = 64 * 1_048_576

/** Reads one file, or every file of a folder and those below it, in the order of their names. */
export function readRequestFiles(path: string): readonly RequestFile[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) {
    throw new UsageError(`there is no ${path}`, whatIsMeant)
  }
  if (!found.isDirectory()) return [readOne(path)]
  const names = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
  if (names.length === 0) throw new UsageError(`there is no file in ${path}`, whatIsMeant)
  return names.map(readOne)
}

const whatIsMeant = 'Name a file with a raw HTTP request, or a folder of such files.'

function readOne(file: string): RequestFile {
  if (statSync(file).size > longestRequest) {
    throw new UsageError(`${file} is longer than 64 MiB`, 'Name a file with one raw HTTP request.')
  }
  const bytes = readFileSync(file)
  // Editors put a mark at the beginning, and hands empty lines.
  const start = /^(?:\xef\xbb\xbf)?(?:\r?\n)*/.exec(bytes.toString('latin1', 0, 64))?.[0].length ?? 0
  const request = readRawRequest(bytes.subarray(start))
  if (!requestLine.test(request.line)) {
    const line = request.line === '' ? 'nothing' : `"${printable(request.line.slice(0, 40))}"`
    throw new UsageError(
      `${file} begins with ${line}, and not with a request line such as GET /articles HTTP/1.1`,
      whatIsMeant,
    )
  }
  return { file, request, note: noteOn(file, bytes.subarray(start), request) }
}

/** A body that is longer or shorter than it says is read as a server would: no further than it says. */
function noteOn(file: string, bytes: Buffer, { headers, body }: RawRequestReading): string | undefined {
  const valueOf = (field: string) => headers.find(([name]) => name.toLowerCase() === field)?.[1]
  const said = valueOf('content-length')
  if (said === undefined || valueOf('transfer-encoding') !== undefined) return undefined
  const headEnd = /\r?\n\r?\n/.exec(bytes.toString('latin1'))
  const rest = bytes.subarray(headEnd === null ? bytes.length : headEnd.index + headEnd[0].length)
  const isLeft = /[^\r\n]/.test(rest.toString('latin1', body.length))
  if (!isLeft && Number(said) === body.length) return undefined
  return `${printable(file)}: its Content-Length is ${printable(said)}, and ${plural(rest.length, 'byte')} follow; ${plural(body.length, 'byte')} of body were read`
}

/** A method, whatever it is, a blank, and something behind it: a file of another kind seldom begins so. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const requestLine = /^[^\x00-\x20#<{\x7f-\xff][^\x00-\x20:]* +[^\x00-\x20]/
