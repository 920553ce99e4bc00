import { HeaderList } from '../../exchange/header-list.ts'
import { isFieldValue, toFieldName } from '../../exchange/field-syntax.ts'

/** The head of an answer, and what it says of its body and its connection. */
export interface AnswerHead {
  readonly status: number
  /** Names in lower case, in the order in which they came. */
  readonly headers: HeaderList
  /** The declared length; -1: none is declared. */
  contentLength: number
  chunked: boolean
  /** Whether the connection ends with this answer (RFC 9112 section 9.3). */
  closes: boolean
  /** The service's own word on how long it keeps an idle connection, in seconds; -1: it says nothing. */
  keepAliveSeconds: number
}

/**
 * Reads the head of an answer (RFC 9112 sections 4 to 6) from its first byte to the line break of its last field, or
 * says why it has no single reading. What a lenient reader would mend (folded fields, bare line feeds, two lengths,
 * a space before a colon) is refused, since the client's reader may mend it in another way.
 */
export function readAnswerHead(text: string): AnswerHead | string {
  const lineEnd = text.indexOf('\r\n')
  const status = readStatusLine(text, lineEnd)
  if (status === -1) return 'the answer is not HTTP/1'
  const isFirst = text.charCodeAt(minorPlace) === digitOne
  const flat: string[] = []
  const head: AnswerHead = {
    status,
    headers: new HeaderList(flat),
    contentLength: -1,
    chunked: false,
    closes: !isFirst,
    keepAliveSeconds: -1,
  }
  for (let start = lineEnd + 2; start < text.length;) {
    const end = text.indexOf('\r\n', start)
    const colon = text.indexOf(':', start)
    if (colon === -1 || colon > end) return 'the answer has a field without a colon'
    const name = toFieldName(text.slice(start, colon))
    if (name === undefined) return 'the answer has a malformed field name'
    const value = sliceValue(text, colon + 1, end)
    if (!isFieldValue(value)) return 'the answer has a control character in a field'
    flat.push(name, value)
    const flaw = readField(head, name, value, isFirst)
    if (flaw !== undefined) return flaw
    start = end + 2
  }
  return head.chunked && head.contentLength !== -1 ? 'the answer has two framings' : head
}

// status-line = HTTP-version SP status-code SP [ reason-phrase ]; some services leave out the second space too.
function readStatusLine(text: string, end: number): number {
  if (end < shortestLine || !text.startsWith('HTTP/1.')) return -1
  const minor = text.charCodeAt(minorPlace)
  if ((minor !== digitOne && minor !== digitZero) || text.charCodeAt(minorPlace + 1) !== space) return -1
  const status =
    digitAt(text, statusPlace) * 100 + digitAt(text, statusPlace + 1) * 10 + digitAt(text, statusPlace + 2)
  if (!(status >= 100)) return -1
  if (end === shortestLine) return status
  return text.charCodeAt(shortestLine) === space && isFieldValue(text.slice(shortestLine, end)) ? status : -1
}

/** The value of a digit, or NaN, which makes every sum with it NaN. */
function digitAt(text: string, place: number): number {
  const digit = text.charCodeAt(place) - digitZero
  return digit >= 0 && digit <= 9 ? digit : Number.NaN
}

function sliceValue(text: string, start: number, end: number): string {
  let from = start
  let to = end
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

function isBlank(code: number): boolean {
  return code === space || code === tab
}

function readField(head: AnswerHead, name: string, value: string, isFirst: boolean): string | undefined {
  switch (name.length) {
    case 10:
      if (name === 'connection') readConnection(head, value)
      else if (name === 'keep-alive') readKeepAlive(head, value)
      return undefined
    case 14:
      return name === 'content-length' ? readContentLength(head, value) : undefined
    case 17:
      return name === 'transfer-encoding' ? readTransferCoding(head, value, isFirst) : undefined
    default:
      return undefined
  }
}

// An HTTP/1.0 connection is never used again, whatever it says: what `keep-alive` means there is a matter of taste.
function readConnection(head: AnswerHead, value: string): void {
  if (connectionClose.test(value)) head.closes = true
}

function readKeepAlive(head: AnswerHead, value: string): void {
  const seconds = keepAliveTimeout.exec(value)?.[1]
  if (seconds !== undefined) head.keepAliveSeconds = Number(seconds)
}

function readContentLength(head: AnswerHead, value: string): string | undefined {
  if (head.contentLength !== -1) return 'the answer has two lengths'
  // Fifteen digits are a thousand terabytes and still exact as a number.
  if (!contentLength.test(value)) return 'the answer has a malformed length'
  head.contentLength = Number(value)
  return undefined
}

// None was offered, and one that stays on would hide the body from every guard (RFC 9112 section 6.1).
function readTransferCoding(head: AnswerHead, value: string, isFirst: boolean): string | undefined {
  if (head.chunked || !isFirst || value.toLowerCase() !== 'chunked') return 'the answer has a transfer coding'
  head.chunked = true
  return undefined
}

const tab = 0x09
const space = 0x20
const digitZero = 0x30
const digitOne = 0x31

// `HTTP/1.1 200`
const minorPlace = 7
const statusPlace = 9
const shortestLine = 12

const contentLength = /^[0-9]{1,15}$/
const connectionClose = /(?:^|,)[\t ]*close[\t ]*(?:,|$)/i
const keepAliveTimeout = /(?:^|[,; \t])timeout=([0-9]{1,6})(?:$|[,; \t])/i
