import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { firstMatch } from '../first-match.ts'

/** A line break as it is, percent-encoded once more, or as the characters whose low bytes are one (U+560A, U+560D). */
const lineBreak = String.raw`(?:[\r\n]|%(?:25)?0[adAD]|\\r\\n|\xe5\x98[\x8a\x8d])(?:[\r\n\t ]|%(?:25)?(?:0[adAD]|20|09)|\\[rn]|\xe5\x98[\x8a\x8d]){0,8}`

const fields = String.raw`(?:set-cookie2?\s{0,4}:[^=\r\n]{0,200}=|location\s{0,4}:(?:\s|%20){0,4}(?:https?:|\/|%2f|javascript:)|content-length\s{0,4}:(?:\s|%20){0,4}\d|content-type\s{0,4}:(?:\s|%20){0,4}[a-z]+\/|content-disposition\s{0,4}:|transfer-encoding\s{0,4}:|x-xss-protection\s{0,4}:|access-control-allow-\w+\s{0,4}:|refresh\s{0,4}:\s{0,4}\d|link\s{0,4}:\s{0,4}<|http\/[0-3](?:\.\d)?\s+\d{3}|host\s{0,4}:\s{0,4}[\w.-]+\.[a-z]|x-forwarded-\w+\s{0,4}:|bcc\s{0,4}:[^\r\n@]{0,200}@)`

const patterns: readonly RegExp[] = [
  new RegExp(lineBreak + fields, 'i'),
  // A second request, or a document after an empty line.
  new RegExp(`${lineBreak}(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS) /[^\\s]{0,500} HTTP/`),
  /(?:%0d%0a|%0D%0A){2}(?:<|%3c)/i,
]

/** Finds a value that would end a header field and begin another, or a second message (RFC 9112, section 11.1). */
export function detectCrlf(value: ByteString): Detection | undefined {
  if (!/[\r\n]|%0|%250|\\r\\n|\xe5\x98/.test(value)) return undefined
  // Reports about other exchanges quote whole heads, in which fields about content are nothing to wonder at.
  return firstMatch(quotedHead.test(value) ? value.replace(contentFields, '') : value, patterns)
}

const quotedHead = /^[a-z][\w-]{1,60}:[ \t][^\r\n]{0,500}[\r\n]/i
const contentFields = /[\r\n]{1,4}content-(?:type|length|disposition):/gi
