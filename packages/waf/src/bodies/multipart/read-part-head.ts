import type { ByteString } from '../../language/bytes.ts'
import { trimBlanks } from '../blanks.ts'
import type { MultipartFlags } from './multipart-flags.ts'
import type { PartExtent } from './find-parts.ts'

/** The headers of one part. */
export interface PartHead {
  /** Each header as one line, in order, as `MULTIPART_PART_HEADERS` shows it. */
  readonly lines: readonly ByteString[]
  /** By name in lower case; the first of several. */
  readonly fields: ReadonlyMap<string, ByteString>
  /** Where the content begins. */
  readonly contentStart: number
}

/**
 * Reads the headers of one part up to the empty line. Folded lines, lone line feeds, unusual characters, lines without a
 * colon and repeated names are noted, and read as the lenient would.
 */
export function readPartHead(
  text: ByteString,
  part: PartExtent,
  maximumLineBytes: number,
  flags: MultipartFlags,
): PartHead {
  const lines: ByteString[] = []
  let contentStart = part.end
  for (let at = part.start; at < part.end;) {
    const feed = text.indexOf('\n', at)
    const isEnded = feed !== -1 && feed < part.end
    const isCrlf = isEnded && feed > at && text.charCodeAt(feed - 1) === carriageReturn
    const line = text.slice(at, isEnded ? feed - (isCrlf ? 1 : 0) : part.end) as ByteString
    at = isEnded ? feed + 1 : part.end
    if (isEnded) flags.noteLineEnd(isCrlf)
    // Where the last header has a line end, the delimiter's own line end is the empty line.
    else noteBroken(flags, 'a part without an empty line')
    if (line === '') {
      contentStart = at
      break
    }
    addLine(lines, line, maximumLineBytes, flags)
  }
  return { lines, fields: fieldsOf(lines, flags), contentStart }
}

function addLine(lines: ByteString[], line: ByteString, maximum: number, flags: MultipartFlags): void {
  if (line.length > maximum) noteBroken(flags, `a header of a part longer than ${maximum} bytes`)
  if (line.includes('\0') || line.includes('\r'))
    noteBroken(flags, 'a control character in a header of a part')
  const folded = foldingBlank.test(line) ? lines.at(-1) : undefined
  if (foldingBlank.test(line)) noteFolding(line, folded !== undefined, flags)
  if (folded === undefined) lines.push(line)
  else lines[lines.length - 1] = `${folded} ${trimBlanks(line.slice(1))}` as ByteString
  if (folded !== undefined && folded.length > maximum) {
    noteBroken(flags, `a header of a part longer than ${maximum} bytes`)
  }
}

function noteFolding(line: ByteString, hasHeader: boolean, flags: MultipartFlags): void {
  flags.note('MULTIPART_HEADER_FOLDING')
  if (!hasHeader) noteBroken(flags, 'a part that begins with a folded line')
  const first = line.charAt(0)
  if (first !== ' ' && first !== '\t') flags.note('MULTIPART_INVALID_HEADER_FOLDING')
}

function fieldsOf(lines: readonly ByteString[], flags: MultipartFlags): Map<string, ByteString> {
  const fields = new Map<string, ByteString>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon === -1) {
      noteBroken(flags, 'a header of a part without a colon')
      continue
    }
    const written = line.slice(0, colon)
    if (!headerName.test(written)) noteBroken(flags, 'a header of a part with an unusual name')
    const name = trimBlanks(written).toLowerCase()
    if (fields.has(name)) noteBroken(flags, 'a repeated header of a part')
    else fields.set(name, trimBlanks(line.slice(colon + 1)))
  }
  return fields
}

function noteBroken(flags: MultipartFlags, error: string): void {
  flags.note('MULTIPART_INVALID_PART')
  flags.fail(error)
}

const carriageReturn = 0x0d
const foldingBlank = /^[ \t\v\f\r]/
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
