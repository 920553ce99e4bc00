import { isUtf8 } from 'node:buffer'
import { readPartHead } from './multipart-head.ts'

/** One part of a `multipart/form-data` body. */
export interface FormPart {
  readonly name: string
  /** `undefined` for a plain field. Never a path: separators, control characters and trailing dots are refused. */
  readonly filename: string | undefined
  /** As the part declares it, or `undefined`. */
  readonly contentType: string | undefined
  readonly bytes: Buffer
}

export type MultipartReading =
  | { readonly kind: 'parts'; readonly parts: readonly FormPart[] }
  /** `reason` says what and in which part, and quotes nothing of the body. */
  | { readonly kind: 'refused'; readonly reason: string }

/**
 * Reads `multipart/form-data` (RFC 7578) so that every other reader finds the same parts: the first delimiter at the
 * first byte, nothing after the closing one, CRLF alone, no folded or unknown headers, no two names for one part.
 * Takes time linear in the body and copies none of it.
 *
 * @param boundary the `boundary` parameter of the `Content-Type`, or `undefined` where there was none
 */
export function readMultipart(
  bytes: Buffer,
  boundary: string | undefined,
  maxParts: number,
): MultipartReading {
  if (boundary === undefined) return refused('no boundary')
  if (!wellFormedBoundary.test(boundary)) return refused('a malformed boundary')
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  if (!bytes.subarray(0, delimiter.length).equals(delimiter)) return refused('no delimiter at the first byte')
  const parts: FormPart[] = []
  for (let at = delimiter.length; !isClosing(bytes, at);) {
    const number = parts.length + 1
    if (number > maxParts) return refused(`more than ${maxParts} parts`)
    if (!isLineEnd(bytes, at)) return refused(`a broken delimiter before part ${number}`)
    const end = bytes.indexOf(delimiter, at)
    if (end === -1) return refused('no closing delimiter')
    // Lenient readers also split at a delimiter after a bare line feed, or in the middle of a line.
    if (!isLineEnd(bytes, end - 2) || end < at + 4) return refused(`a misplaced delimiter in part ${number}`)
    const part = readPart(bytes.subarray(at + 2, end - 2))
    if (typeof part === 'string') return refused(`${part} in part ${number}`)
    parts.push(part)
    at = end + delimiter.length
    if (isClosing(bytes, at) && !isEnd(bytes, at + 2)) return refused('more after the closing delimiter')
  }
  return parts.length === 0 ? refused('no parts') : { kind: 'parts', parts }
}

// RFC 2046 section 5.1.1: up to 70 of these, the last no space.
const wellFormedBoundary = /^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/

const emptyLine = Buffer.from('\r\n\r\n')
const maximumHeadBytes = 4_096

function readPart(bytes: Buffer): FormPart | string {
  const headEnd = bytes.subarray(0, maximumHeadBytes).indexOf(emptyLine)
  if (headEnd === -1) return 'no end of the headers'
  const head = readPartHead(bytes.subarray(0, headEnd))
  if (typeof head === 'string') return head
  const content = bytes.subarray(headEnd + emptyLine.length)
  if (head.filename === undefined && head.contentType === undefined && !isUtf8(content)) return 'not UTF-8'
  return { ...head, bytes: content }
}

function isClosing(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x2d && bytes[at + 1] === 0x2d
}

function isLineEnd(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x0d && bytes[at + 1] === 0x0a
}

function isEnd(bytes: Buffer, at: number): boolean {
  return at === bytes.length || (isLineEnd(bytes, at) && at + 2 === bytes.length)
}

function refused(reason: string): MultipartReading {
  return { kind: 'refused', reason }
}
