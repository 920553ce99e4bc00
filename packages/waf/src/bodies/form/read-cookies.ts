import type { ByteString } from '../../language/bytes.ts'
import { ArgumentWriter } from '../argument-writer.ts'
import { trimBlanks } from '../blanks.ts'
import type { BodyLimits } from '../body-limits.ts'
import type { BodyReading } from '../body-reading.ts'
import { readingOf } from '../body-reading.ts'
import type { BodySink } from '../body-sink.ts'

/**
 * Reads a `Cookie` field (RFC 6265 section 5.4) into `REQUEST_COOKIES`: parted at every `;`, nothing decoded, quotes
 * kept, `$Version` a cookie like any other.
 *
 * A quoted value with `;` or `\` in it is read a second time as readers of RFC 2109 do, as one value without its quotes
 * and escapes: such readers are in use, and a `$Version` cookie is all it takes to wake them.
 */
export function readCookies(field: ByteString, limits: BodyLimits, sink: BodySink): BodyReading {
  const writer = new ArgumentWriter(sink, limits)
  for (let start = 0; start < field.length;) {
    const separator = field.indexOf(';', start)
    const end = separator === -1 ? field.length : separator
    const error = addCookie(trimBlanks(field.slice(start, end)), writer)
    if (error !== undefined) {
      sink.add('REQUEST_COOKIES', '' as ByteString, field.slice(start) as ByteString)
      return readingOf(error)
    }
    start = end + 1
  }
  return readingOf(addQuotedCookies(field, writer))
}

function addCookie(cookie: ByteString, writer: ArgumentWriter): string | undefined {
  if (cookie === '') return undefined
  const equals = cookie.indexOf('=')
  const nameEnd = equals === -1 ? cookie.length : equals
  const name = trimBlanks(cookie.slice(0, nameEnd))
  return writer.add('REQUEST_COOKIES', name, trimBlanks(cookie.slice(nameEnd + 1)))
}

function addQuotedCookies(field: ByteString, writer: ArgumentWriter): string | undefined {
  let from = 0
  for (let at = field.indexOf('="'); at !== -1; at = field.indexOf('="', from)) {
    const end = closingQuote(field, at + 2)
    if (end === -1) return undefined
    const content = field.slice(at + 2, end)
    if (content.includes(';') || content.includes('\\')) {
      const before = field.slice(from, at)
      const name = trimBlanks(before.slice(before.lastIndexOf(';') + 1))
      const error = writer.add('REQUEST_COOKIES', name, content.replaceAll(escape, unescaped) as ByteString)
      if (error !== undefined) return error
    }
    from = end + 1
  }
  return undefined
}

/** The quote that ends a string which begins before `from`, or -1. */
function closingQuote(field: ByteString, from: number): number {
  for (let at = from; at < field.length; at += 1) {
    const byte = field.charCodeAt(at)
    if (byte === quote) return at
    if (byte === backslash) at += 1
  }
  return -1
}

const quote = 0x22
const backslash = 0x5c

const escape = /\\([0-3][0-7]{2}|[^])/g

function unescaped(_escape: string, meaning: string): string {
  return meaning.length === 3 ? String.fromCharCode(Number.parseInt(meaning, 8)) : meaning
}
