import type { ByteString } from '../../language/bytes.ts'
import { isAllBlank, trimBlanks } from '../blanks.ts'
import type { MultipartFlags } from './multipart-flags.ts'

/**
 * The `boundary` parameter of a `Content-Type` (RFC 2046 section 5.1.1), or `undefined` where there is none to go by.
 * Quotes and blanks around it are noted, and so is whatever two readers could take for two different boundaries.
 */
export function readBoundary(contentType: ByteString, flags: MultipartFlags): ByteString | undefined {
  if (contentType.length > 1_024) {
    flags.fail('a Content-Type longer than 1024 bytes')
    return undefined
  }
  const found = parameter.exec(contentType)
  if (found === null) {
    flags.fail('no boundary in the Content-Type')
    return undefined
  }
  if ((contentType.match(mentions)?.length ?? 0) > 1) flags.fail('more than one boundary')
  const [whole, beforeEquals = ''] = found
  if (!trimBlanks(contentType.slice(0, found.index + 1)).endsWith(';'))
    flags.note('MULTIPART_MISSING_SEMICOLON')
  if (beforeEquals !== '') flags.note('MULTIPART_BOUNDARY_WHITESPACE')
  if (!isAllBlank(beforeEquals)) flags.fail('a malformed boundary parameter')
  const boundary = readValue(contentType.slice(found.index + whole.length), flags)
  if (!wellFormed.test(boundary)) flags.fail('a malformed boundary')
  return boundary === '' ? undefined : boundary
}

const parameter = /[;, \t]boundary([^=;]*)=/i

// The word as some reader could take it for a parameter's name; many clients have it within their boundaries.
const mentions = /(?<![0-9A-Za-z])boundary[^;,=]*=/gi

// The RFC's characters without the blank, and those that clients send all the same; the hyphen last is no range.
const wellFormed = /^[0-9A-Za-z'()+_,./:=?#$%&*@!^`{|}~-]{1,70}$/

function readValue(text: string, flags: MultipartFlags): ByteString {
  const start = trimBlanks(text)
  if (text !== '' && start.charAt(0) !== text.charAt(0)) flags.note('MULTIPART_BOUNDARY_WHITESPACE')
  return start.startsWith('"') ? readQuoted(start, flags) : readToken(start, flags)
}

function readQuoted(text: ByteString, flags: MultipartFlags): ByteString {
  flags.note('MULTIPART_BOUNDARY_QUOTED')
  const closing = text.indexOf('"', 1)
  if (closing === -1) {
    flags.fail('a boundary with one quote')
    return text.slice(1) as ByteString
  }
  const rest = trimBlanks(text.slice(closing + 1))
  if (rest !== '' && !rest.startsWith(';')) flags.fail('more behind the quoted boundary')
  return text.slice(1, closing) as ByteString
}

function readToken(text: ByteString, flags: MultipartFlags): ByteString {
  const separator = text.indexOf(';')
  const value = separator === -1 ? text : (text.slice(0, separator) as ByteString)
  const token = trimBlanks(value)
  if (token !== value || token.includes(' ') || token.includes('\t'))
    flags.note('MULTIPART_BOUNDARY_WHITESPACE')
  if (token.includes('"')) flags.fail('a boundary with a quote inside')
  return token
}
