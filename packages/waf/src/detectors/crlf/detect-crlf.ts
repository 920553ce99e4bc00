import type { ByteString } from '../../language/bytes.ts'
import type { Detection } from '../detection.ts'
import { detectionAt } from '../detection.ts'
import { mailCommands } from './mail-commands.ts'

/** A line break as it is, percent-encoded once more, or as the characters whose low bytes are one (U+560A, U+560D). */
const lineBreak = String.raw`(?:[\r\n]|%(?:25){0,3}0[adAD]|\\r\\n|\xe5\x98[\x8a\x8d])(?:[\r\n\t ]|%(?:25)?(?:0[adAD]|20|09)|\\[rn]|\xe5\x98[\x8a\x8d]){0,8}`

const fields = String.raw`(?:set-cookie2?\s{0,4}:[^=\r\n]{0,200}=|location\s{0,4}:(?:\s|%20){0,4}(?:https?:|\/|%2f|javascript:)|content-length\s{0,4}:(?:\s|%20){0,4}\d|content-type\s{0,4}:(?:\s|%20){0,4}[a-z]+\/|content-disposition\s{0,4}:|transfer-encoding\s{0,4}:|x-xss-protection\s{0,4}:|access-control-allow-\w+\s{0,4}:|refresh\s{0,4}:\s{0,4}\d|link\s{0,4}:\s{0,4}<|http\/[0-3](?:\.\d)?\s+\d{3}|(?<![\t ])host:\s{0,4}[\w.-]+\.[a-z]|x-forwarded-\w+\s{0,4}:|bcc\s{0,4}:[^\r\n@]{0,200}@)`

// Any field, by its form alone: a name of two words or more, as those of HTTP have and few labels of text, and what the name of
// one word shows only where the value follows without a space, which nobody writes in prose.
const anyName = String.raw`(?:x-[\w-]{1,60}|(?!e-|t-|follow-up|check-|signed-|co-|reviewed-|acked-|tested-|reported-|sub-|pre-|to-do)[a-z][a-z\d]{1,30}(?:-[a-z\d]{1,30}){1,5})`

const patterns: readonly RegExp[] = [
  new RegExp(lineBreak + fields, 'i'),
  // A second request, or a document after an empty line.
  new RegExp(`${lineBreak}(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS) /[^\\s]{0,500} HTTP/`),
  /(?:%0d%0a|%0D%0A){2}(?:<|%3c)/i,
  // Behind a value of one word and a line break a field of any name, and nothing after it: a letter or a list has more lines.
  new RegExp(
    String.raw`^[^\s]{0,200} {0,4}${lineBreak}(?:0[ad])?${anyName}[ \t]{0,4}:[ \t]{0,4}[^\s][^\r\n]{0,400}(?:[\r\n]{1,4}$|[\r\n]{4}|$)`,
    'i',
  ),
  ...mailCommands,
]

/** Finds a value that would end a header field and begin another, or a second message (RFC 9112, section 11.1). */
export function detectCrlf(value: ByteString): Detection | undefined {
  if (!/[\r\n]|%(?:25){0,3}0|\\r\\n|\xe5\x98/.test(value)) return undefined
  // Reports about other exchanges quote whole heads, in which fields about content are nothing to wonder at.
  const plain = quotedHead.test(value) ? value.replace(contentFields, '') : value
  const found = patterns.map((pattern) => plain.search(pattern)).find((at) => at !== -1)
  return found === undefined || isBelowText(plain, found) ? undefined : detectionAt(plain, found)
}

/**
 * Whether lines of a text stand above a place, as in documentation and tickets that show a message: none of them is a field, so that what
 * they were put into would no longer be read as a head where the place comes.
 */
function isBelowText(value: string, at: number): boolean {
  if (at < shortestText) return false
  const [, ...above] = value.slice(0, at).split(/\r?\n|\r/, mostLines)
  return above.filter((line) => line.trim() !== '' && !fieldOrTag.test(line)).length > 1
}

const shortestText = 40
const mostLines = 400
const fieldOrTag = /^(?::[\w-]{1,60}[ \t:]|[\w-]{1,60}[ \t]{0,4}:|HTTP\/|[A-Z]{3,8} \S+ HTTP|[ \t]|<)/

const quotedHead = /^(?:[a-z][\w-]{1,60}:[ \t]|From \S{1,200}@\S{1,200}(?=[ \r\n]))[^\r\n]{0,500}[\r\n]/i
const contentFields = /[\r\n]{1,4}content-(?:type|length|disposition):/gi
