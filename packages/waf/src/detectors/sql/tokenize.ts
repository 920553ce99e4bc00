import type { SqlContext, SqlDialect, SqlToken, SqlTokenKind } from './token.ts'
import { isKeyword, literalPrefixes } from './vocabulary.ts'

/** A value in tokens. */
export interface Tokens {
  /** The last one is always `end`. */
  readonly tokens: readonly SqlToken[]
  /** From which one on they are the ones of another reading; how many there are where none is. */
  readonly sharedFrom: number
  /** How often a closing quote between dollars was looked for in vain. */
  readonly failedDollarQuotes: number
}

/**
 * Reads a value as the SQL that a statement would continue with, if the value stood in it inside `context`.
 * Comments that the value closes are white space. Linear in the length of the value.
 *
 * @param most how many tokens are enough; where there are more, the last one is an `end` before the value's own
 * @param known the same value in the same dialect, read in another context: where both begin a token at one place, the rest is the same
 */
export function tokenize(
  value: string,
  context: SqlContext,
  dialect: SqlDialect,
  most = Number.POSITIVE_INFINITY,
  known?: Tokens,
): Tokens {
  const reader: Reader = { value, dialect, at: 0, tokens: [], failedDollarQuotes: 0 }
  if (context !== '') readString(reader, context, 0)
  let place = 0
  while (skipSpace(reader) && reader.tokens.length < most) {
    if (known !== undefined) {
      place = placeNotBefore(reader.at, known.tokens, place)
      if (known.tokens[place]?.start === reader.at && areAlike(known, reader))
        return join(reader, known, place)
    }
    readToken(reader)
  }
  add(reader, 'end', '', reader.at, reader.at)
  const { tokens, failedDollarQuotes } = reader
  return { tokens, sharedFrom: tokens.length, failedDollarQuotes }
}

function placeNotBefore(at: number, tokens: readonly SqlToken[], from: number): number {
  let place = from
  while ((tokens[place]?.start ?? at) < at) place++
  return place
}

/** Whether how often quotes between dollars may be looked for does not tell the readings apart. */
function areAlike(known: Tokens, reader: Reader): boolean {
  return known.failedDollarQuotes + reader.failedDollarQuotes < mostFailedDollarQuotes
}

function join({ tokens, failedDollarQuotes }: Reader, known: Tokens, place: number): Tokens {
  const sharedFrom = tokens.length
  for (let index = place; index < known.tokens.length; index++) tokens.push(known.tokens[index] as SqlToken)
  return { tokens, sharedFrom, failedDollarQuotes: failedDollarQuotes + known.failedDollarQuotes }
}

interface Reader {
  readonly value: string
  readonly dialect: SqlDialect
  at: number
  readonly tokens: SqlToken[]
  failedDollarQuotes: number
}

const space = /[\0-\x20\x7f]+|(?<![\x80-\xff])\xa0/y
// A0 is a no-break space, but also the last byte of "à" in UTF-8.
const word = /[A-Za-z_\x80-\x9f\xa1-\xff](?:[\w$\x80-\x9f\xa1-\xff]|(?<=[\x80-\xff])\xa0)*/y
const number = /0[xX][\dA-Fa-f]+|0[bB][01]+|\$?(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+|[eE](?=[(.]))?/y
const variable = /@@?(?:[\w.$\x80-\xff]+|`[^`]{0,64}`|'[^']{0,64}'|"[^"]{0,64}")?/y
const operator =
  /<=>|->>|<@(?=[\s'(])|@>|@\?(?=\s{0,3}')|#>>?(?=\s{0,3}')|(?<=\s)\?[|&]?(?=\s{1,3}(?:'|array\b))|!~~?\*?|~~\*?|~\*|<>|!=|<=|>=|==|<<|>>|!<|!>|\|\||&&|:=|::|->|\^=|~=|\*\*|[-+*/%=<>&|^~!]/y
const bracketedName = /\[[\w $-]{1,64}\]/y
const mostFailedDollarQuotes = 8
const dollarTag = /\$(?:[A-Za-z_]\w{0,63})?\$/y
const singles: Readonly<Record<string, SqlTokenKind>> = {
  '(': 'open',
  ')': 'close',
  ',': 'comma',
  ';': 'semicolon',
}

/** Moves past white space and closed comments; false at the end of the value. */
function skipSpace(reader: Reader): boolean {
  const { value } = reader
  for (;;) {
    if (mayBeSpace(value.charCodeAt(reader.at))) match(reader, space)
    if (reader.at >= value.length) return false
    if (!skipComment(reader)) return true
  }
}

function mayBeSpace(byte: number): boolean {
  return byte <= 0x20 || byte === 0x7f || byte === 0xa0
}

/** Moves past a comment, if one stands here; one that takes in the rest of the value becomes a token. */
function skipComment(reader: Reader): boolean {
  const { value, at, dialect } = reader
  if (!opensComment.has(value.charCodeAt(at))) return false
  if (value.startsWith('/*', at)) return skipBlockComment(reader)
  // The end of an executable comment of MySQL, whose content was read as code.
  if (value.startsWith('*/', at)) return move(reader, at + 2)
  const dashes = value.startsWith('--', at) && (dialect.bareDashes || opensMysqlComment(value, at + 2))
  if (!dashes && !(dialect.hash && value[at] === '#')) return false
  const lineEnd = value.indexOf('\n', at)
  if (lineEnd !== -1) return move(reader, lineEnd + 1)
  return addComment(reader)
}

/** The first bytes of what begins or ends one. */
const opensComment = new Set(Array.from('/*-#', (sign) => sign.charCodeAt(0)))

function opensMysqlComment(value: string, at: number): boolean {
  return at >= value.length || value.charCodeAt(at) <= 0x20
}

// What is no version, of five digits or six, is code already: `/*!1*/` is 1.
const executableComment = /\/\*[!+M]!?(?:\d{5,6})?/y

function skipBlockComment(reader: Reader): boolean {
  const { value, at } = reader
  if (match(reader, executableComment) !== undefined) return true
  const close = value.indexOf('*/', at + 2)
  if (close !== -1) return move(reader, close + 2)
  return addComment(reader)
}

function addComment(reader: Reader): boolean {
  const { value, at } = reader
  add(reader, 'comment', value[at] === '#' ? '#' : value.slice(at, at + 2), at, value.length)
  return move(reader, value.length)
}

function readToken(reader: Reader): void {
  const { value, at } = reader
  const character = value[at] as string
  const single = singles[character]
  if (single !== undefined) return addHere(reader, single, character, at + 1)
  if (character === "'" || character === '"' || character === '`')
    return readString(reader, character, at + 1)
  if (readNumber(reader) || readWord(reader)) return
  if (character === '@' && value[at + 1] !== '>' && value[at + 1] !== '?')
    return addMatch(reader, 'variable', match(reader, variable))
  if (character === '$') return readDollar(reader)
  if (character === '[' && match(reader, bracketedName) !== undefined)
    return add(reader, 'name', '', at, reader.at)
  if (character === '.') return addHere(reader, 'dot', character, at + 1)
  if (value.startsWith('\\N', at)) return addHere(reader, 'word', 'NULL', at + 2)
  const symbol = match(reader, operator)
  if (symbol !== undefined) return add(reader, 'operator', symbol, at, reader.at)
  addHere(reader, 'other', character, at + 1)
}

/** Reads a literal or quoted name to its closing quote; a doubled quote is one character of it. */
function readString(reader: Reader, quote: string, contentStart: number): void {
  const { value, dialect } = reader
  const start = reader.at
  const kind: SqlTokenKind = quote === '`' ? 'name' : 'string'
  let at = contentStart
  for (;;) {
    const close = value.indexOf(quote, at)
    if (close === -1) return addHere(reader, kind, quote, value.length)
    if (dialect.backslash && isEscaped(value, close, contentStart)) at = close + 1
    // Inside the first literal of a context its opening quote is not ours, so two quotes at the very start close it.
    else if (value[close + 1] === quote && close > contentStart) at = close + 2
    else return add(reader, kind, '', start, (reader.at = close + 1))
  }
}

/** Whether an odd number of backslashes stands before a position. */
function isEscaped(value: string, position: number, from: number): boolean {
  let first = position
  while (first > from && value[first - 1] === '\\') first--
  return (position - first) % 2 === 1
}

function readNumber(reader: Reader): boolean {
  const start = reader.at
  const first = reader.value.charCodeAt(start)
  if (first === 0x24 && !/\d/.test(reader.value[start + 1] ?? '')) return false
  if (first !== 0x24 && first !== 0x2e && (first < 0x30 || first > 0x39)) return false
  const digits = match(reader, number)
  if (digits === undefined) return false
  if (isEmptyExponent(digits)) return true
  const suffix = match(reader, word)
  const glued = suffix === undefined ? false : gluedKeyword(suffix)
  if (suffix !== undefined && glued === false) {
    // "50px", "2nd", "1a": a name, and harmless as one.
    add(reader, 'word', reader.value.slice(start, reader.at).toUpperCase(), start, reader.at)
    return true
  }
  if (glued !== false) reader.at -= glued
  add(reader, 'number', '', start, reader.at)
  return true
}

/** MySQL reads over a number whose exponent has no digits: `1.e(ascii(1))` is `(ascii(1))`. */
function isEmptyExponent(digits: string): boolean {
  return /[eE]$/.test(digits) && !/^0[xX]/.test(digits)
}

/** `1UNION`, and `1fUNION` with the suffix of a float, are a number and a keyword: how long the keyword is, else false. */
function gluedKeyword(suffix: string): number | false {
  const upper = suffix.toUpperCase()
  if (isKeyword(upper)) return upper.length
  return /^[DF]/.test(upper) && isKeyword(upper.slice(1)) ? upper.length - 1 : false
}

function readWord(reader: Reader): boolean {
  const start = reader.at
  if (!mayBeginWord(reader.value.charCodeAt(start))) return false
  const text = match(reader, word)
  if (text === undefined) return false
  const upper = text.toUpperCase()
  const { value } = reader
  if (value[reader.at] === '&' && upper === 'U' && value[reader.at + 1] === "'") reader.at++
  else if (value[reader.at] !== "'" || !literalPrefixes.has(upper)) {
    add(reader, 'word', upper, start, reader.at)
    return true
  }
  readString(reader, "'", reader.at + 1)
  return true
}

function mayBeginWord(byte: number): boolean {
  return byte >= 0x80 || byte === 0x5f || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a)
}

/** `$$text$$` and `$tag$text$tag$` of PostgreSQL. */
function readDollar(reader: Reader): void {
  const { value, at } = reader
  const tag = reader.failedDollarQuotes < mostFailedDollarQuotes ? match(reader, dollarTag) : undefined
  // Each search that fails has read the whole rest of the value, so their number is bounded.
  const close = tag === undefined ? -1 : value.indexOf(tag, reader.at)
  if (tag !== undefined && close !== -1)
    return add(reader, 'string', '', at, (reader.at = close + tag.length))
  if (tag !== undefined) reader.failedDollarQuotes++
  reader.at = at
  addHere(reader, 'other', '$', at + 1)
}

function match(reader: Reader, pattern: RegExp): string | undefined {
  const { value, at } = reader
  pattern.lastIndex = at
  // `exec` would make a list for each token.
  if (!pattern.test(value)) return undefined
  reader.at = pattern.lastIndex
  return value.slice(at, reader.at)
}

function move(reader: Reader, to: number): true {
  reader.at = to
  return true
}

function addMatch(reader: Reader, kind: SqlTokenKind, text: string | undefined): void {
  const length = text?.length ?? 0
  add(reader, kind, text ?? '', reader.at - length, reader.at)
}

function addHere(reader: Reader, kind: SqlTokenKind, text: string, end: number): void {
  add(reader, kind, text, reader.at, end)
  reader.at = end
}

function add(reader: Reader, kind: SqlTokenKind, text: string, start: number, end: number): void {
  reader.tokens.push({ kind, text, start, end })
}
