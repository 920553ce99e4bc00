import type { ByteString } from '../../language/bytes.ts'
import { isAllBlank } from '../blanks.ts'
import type { MultipartFlags } from './multipart-flags.ts'

/** A part of a multipart body: its headers, an empty line and its content, from `start` to before `end`. */
export interface PartExtent {
  readonly start: number
  readonly end: number
}

/** A line that parts one part from the next, or ends the last. */
interface Delimiter {
  /** Where what is before it ends: in front of the line end that belongs to the delimiter. */
  readonly contentEnd: number
  /** Behind its own line end. */
  readonly next: number
  readonly isClosing: boolean
}

/**
 * Finds the parts of a multipart body (RFC 2046 section 5.1.1) and notes every line at which another reader might have
 * cut differently. A delimiter that is not quite one still cuts: what is around it is then seen as parts, not as
 * content.
 */
export function findParts(text: ByteString, boundary: ByteString, flags: MultipartFlags): PartExtent[] {
  const delimiters = findDelimiters(text, boundary, flags)
  const first = delimiters[0]
  if (first === undefined) {
    flags.fail('no delimiter in the body')
    flags.noteUnmatched(1)
    return []
  }
  if (first.contentEnd > 0) flags.note('MULTIPART_DATA_BEFORE')
  const parts: PartExtent[] = []
  for (const [index, delimiter] of delimiters.entries()) {
    if (delimiter.isClosing) {
      if (delimiter.next < text.length) flags.note('MULTIPART_DATA_AFTER')
      if (index < delimiters.length - 1) noteMoreAfterClosing(flags)
      if (index === 0) flags.fail('no part in the body')
      if (index === delimiters.length - 1) return parts
    }
    const following = delimiters[index + 1]
    if (following === undefined) {
      flags.fail('no closing delimiter')
      flags.noteUnmatched(1)
    }
    const end = Math.max(delimiter.next, following?.contentEnd ?? text.length)
    // Behind a closing delimiter lies no part for most readers, and one for those that do not tell the two apart.
    if (!delimiter.isClosing || end > delimiter.next) parts.push({ start: delimiter.next, end })
  }
  return parts
}

function noteMoreAfterClosing(flags: MultipartFlags): void {
  flags.fail('a delimiter after the closing one')
  flags.noteUnmatched(1)
}

function findDelimiters(text: ByteString, boundary: ByteString, flags: MultipartFlags): Delimiter[] {
  const delimiters: Delimiter[] = []
  const marker = `--${boundary}`
  for (let at = text.startsWith('--') ? 0 : nextDashes(text, 0); at !== -1;) {
    const feed = text.indexOf('\n', at)
    const lineEnd = feed === -1 ? text.length : feed
    if (text.startsWith(marker, at)) delimiters.push(readDelimiter(text, at, lineEnd, marker, flags))
    else flags.noteUnmatched(2)
    at = nextDashes(text, lineEnd)
  }
  if (hasMarkerElsewhere(text, marker, delimiters.length)) flags.noteUnmatched(1)
  return delimiters
}

/** The next line from `from` on that begins with two hyphens. */
function nextDashes(text: ByteString, from: number): number {
  const feed = text.indexOf('\n--', from)
  return feed === -1 ? -1 : feed + 1
}

function readDelimiter(
  text: ByteString,
  at: number,
  lineEnd: number,
  marker: string,
  flags: MultipartFlags,
): Delimiter {
  const isCrlf = lineEnd < text.length && text.charCodeAt(lineEnd - 1) === carriageReturn
  const tail = text.slice(at + marker.length, isCrlf ? lineEnd - 1 : lineEnd)
  const isClosing = tail.startsWith('--')
  if (lineEnd < text.length) flags.noteLineEnd(isCrlf)
  if (tail !== '' && tail !== '--') {
    flags.fail('more behind a delimiter')
    // Transport padding is allowed by the RFC; anything else may be a different boundary to another reader.
    if (!isAllBlank(isClosing ? tail.slice(2) : tail)) flags.noteUnmatched(1)
  }
  return {
    contentEnd: at === 0 ? 0 : beforeLineEnd(text, at, flags),
    next: Math.min(lineEnd + 1, text.length),
    isClosing,
  }
}

function beforeLineEnd(text: ByteString, lineStart: number, flags: MultipartFlags): number {
  const isCrlf = text.charCodeAt(lineStart - 2) === carriageReturn
  flags.noteLineEnd(isCrlf)
  return isCrlf ? lineStart - 2 : lineStart - 1
}

/** Whether the delimiter's text also stands where no line begins: some readers look for nothing else. */
function hasMarkerElsewhere(text: ByteString, marker: string, expected: number): boolean {
  let count = 0
  for (let at = text.indexOf(marker); at !== -1; at = text.indexOf(marker, at + marker.length)) count += 1
  return count > expected
}

const carriageReturn = 0x0d
