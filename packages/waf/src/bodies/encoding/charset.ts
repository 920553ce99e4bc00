import type { ByteString } from '../../language/bytes.ts'
import { bytesOf, bytesOfText } from '../../language/bytes.ts'
import { trimBlanks } from '../blanks.ts'

/** A body's text as UTF-8 bytes, and what is wrong with the charset that was named for it. */
export interface BodyText {
  readonly text: ByteString
  readonly error: string | undefined
}

/**
 * The text of a JSON, XML or GraphQL body. Its bytes alone decide whether it is UTF-16 (RFC 4627 section 3), never the
 * `charset` parameter: a backend that ignores the parameter reads the bytes too. A parameter that says otherwise is an
 * error, and so is one that no such reader can honour.
 */
export function readText(body: Buffer, contentType: ByteString): BodyText {
  const encoding = utf16Encoding(body)
  if (encoding === undefined) {
    const start = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0
    return { text: bytesOf(start === 0 ? body : body.subarray(start)), error: charsetMistake(contentType) }
  }
  const isUtf16 = charsetsOf(contentType.slice(0, 1_024)).every((charset) => charset.startsWith('utf-16'))
  const text = bytesOfText(new TextDecoder(encoding).decode(body))
  return { text, error: isUtf16 ? undefined : 'the body is UTF-16 and its charset says otherwise' }
}

/**
 * Says what is wrong with the `charset` of a `Content-Type` whose body is read byte by byte: that it is named twice, or
 * that ASCII means something else in it (UTF-7, UTF-16, EBCDIC).
 */
export function charsetMistake(contentType: ByteString): string | undefined {
  if (contentType.length > 1_024) return 'a Content-Type longer than 1024 bytes'
  const charsets = charsetsOf(contentType)
  if (charsets.length > 1) return 'more than one charset'
  const charset = charsets[0]
  if (charset === undefined || asciiSupersets.test(charset)) return undefined
  return 'a charset in which ASCII bytes are no ASCII characters'
}

/** Whether ASCII bytes mean the same in this encoding as in ASCII; `label` in lower case. */
export function isAsciiSuperset(label: string): boolean {
  return asciiSupersets.test(label)
}

const asciiSupersets =
  /^(?:utf-?8|us-ascii|ascii|latin1|iso-?8859-?\d{1,2}|iso_8859-\d{1,2}|(?:windows-|cp)125\d|koi8-[ru]|euc-(?:jp|kr)|shift_jis|big5|gbk|gb2312|gb18030)$/

const charsetParameter = /[;,\s]charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;,"']*))/g

function charsetsOf(contentType: string): string[] {
  if (!/charset/i.test(contentType)) return []
  const charsets = new Set<string>()
  for (const [, double, single, token] of contentType.toLowerCase().matchAll(charsetParameter)) {
    charsets.add(trimBlanks(double ?? single ?? token ?? ''))
  }
  return [...charsets]
}

function utf16Encoding(body: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const first = body[0]
  const second = body[1]
  if (first === undefined || second === undefined) return undefined
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first !== 0 && second === 0) return 'utf-16le'
  return first === 0 && second !== 0 ? 'utf-16be' : undefined
}
