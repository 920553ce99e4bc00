import type { ByteString } from '../../language/bytes.ts'
import { isBlank } from '../blanks.ts'

/** A lexical token of GraphQL (specification section 2.1). */
export interface GraphQlToken {
  readonly kind: 'punctuator' | 'name' | 'number' | 'string' | 'block string' | 'end' | 'broken'
  /** As written, quotes and all. */
  readonly text: string
  readonly start: number
  /** Where the next token may begin. */
  readonly end: number
}

/** The token at or behind `from`, past blanks, commas and comments. */
export function nextToken(text: ByteString, from: number): GraphQlToken {
  const start = skipIgnored(text, from)
  if (start >= text.length) return { kind: 'end', text: '', start, end: start }
  if (text.charCodeAt(start) === quote) {
    return text.startsWith('"""', start) ? blockString(text, start) : plainString(text, start)
  }
  token.lastIndex = start
  const match = token.exec(text)
  if (match === null) return broken(text, start)
  const [written, name, number] = match
  const kind = name === undefined ? (number === undefined ? 'punctuator' : 'number') : 'name'
  return { kind, text: written, start, end: token.lastIndex }
}

/** A loop, not a pattern: one pattern that repeats alternatives keeps a place to go back to for every byte. */
function skipIgnored(text: ByteString, from: number): number {
  let at = from
  while (at < text.length) {
    const byte = text.charCodeAt(at)
    if (isBlank(byte) || byte === comma) at += 1
    else if (byte === hash) at = endOfLine(text, at)
    else if (byte === markStart && text.startsWith(byteOrderMark, at)) at += byteOrderMark.length
    else break
  }
  return at
}

function endOfLine(text: ByteString, from: number): number {
  lineEnd.lastIndex = from
  return lineEnd.exec(text)?.index ?? text.length
}

function plainString(text: ByteString, start: number): GraphQlToken {
  for (let at = start + 1; at < text.length; at += 1) {
    const byte = text.charCodeAt(at)
    if (byte === quote) return { kind: 'string', text: text.slice(start, at + 1), start, end: at + 1 }
    if (byte === lineFeed || byte === carriageReturn) break
    if (byte === backslash) at += 1
  }
  return broken(text, start)
}

function blockString(text: ByteString, start: number): GraphQlToken {
  let end = text.indexOf('"""', start + 3)
  while (end !== -1 && text.charAt(end - 1) === '\\') end = text.indexOf('"""', end + 3)
  if (end === -1) return broken(text, start)
  return { kind: 'block string', text: text.slice(start, end + 3), start, end: end + 3 }
}

function broken(text: ByteString, start: number): GraphQlToken {
  return { kind: 'broken', text: text.charAt(start), start, end: start + 1 }
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const hash = 0x23
const lineFeed = 0x0a
const carriageReturn = 0x0d
const markStart = 0xef
const byteOrderMark = '\xef\xbb\xbf'
const lineEnd = /[\r\n]/g

const token =
  /([A-Za-z_][A-Za-z0-9_]*)|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|\.\.\.|[!$&():=@[\]{|}]/y
