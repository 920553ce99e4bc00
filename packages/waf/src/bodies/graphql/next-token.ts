import type { ByteString } from '../../language/bytes.ts'

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
  ignored.lastIndex = from
  ignored.test(text)
  const start = ignored.lastIndex
  if (start >= text.length) return { kind: 'end', text: '', start, end: start }
  if (text.startsWith('"""', start)) return blockString(text, start)
  token.lastIndex = start
  const match = token.exec(text)
  if (match === null) return { kind: 'broken', text: text.charAt(start), start, end: start + 1 }
  const [written, name, number, string] = match
  return { kind: kindOf(name, number, string), text: written, start, end: token.lastIndex }
}

function kindOf(
  name: string | undefined,
  number: string | undefined,
  string: string | undefined,
): GraphQlToken['kind'] {
  if (name !== undefined) return 'name'
  if (number !== undefined) return 'number'
  return string === undefined ? 'punctuator' : 'string'
}

function blockString(text: ByteString, start: number): GraphQlToken {
  let end = text.indexOf('"""', start + 3)
  while (end !== -1 && text.charAt(end - 1) === '\\') end = text.indexOf('"""', end + 3)
  if (end === -1) return { kind: 'broken', text: '"""', start, end: text.length }
  return { kind: 'block string', text: text.slice(start, end + 3), start, end: end + 3 }
}

// The alternatives begin with different bytes, so there is one way to match. The mark EF BB BF is ignored as such.
const ignored = /(?:[ \t\r\n,]|#[^\r\n]*|\xef\xbb\xbf)*/y

const token =
  /([A-Za-z_][A-Za-z0-9_]*)|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|("(?:[^"\\\r\n]|\\[^\r\n])*")|\.\.\.|[!$&():=@[\]{|}]/y
