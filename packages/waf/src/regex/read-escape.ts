import { ByteClass } from './byte-class.ts'
import { escapeClasses } from './named-classes.ts'
import type { RegexCursor } from './regex-cursor.ts'
import { RegexSyntaxError } from './regex-mistake.ts'

const controlEscapes: ReadonlyMap<string, number> = new Map([
  ['a', 0x07],
  ['e', 0x1b],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
])

/**
 * Reads an escape that stands for bytes, after its backslash, inside a class or out of one; `undefined`, with nothing
 * read, where it is none of these.
 */
export function readByteEscape(cursor: RegexCursor): ByteClass | undefined {
  const letter = cursor.peek()
  const control = controlEscapes.get(letter)
  const named = control === undefined ? escapeClasses.get(letter) : ByteClass.ofByte(control)
  if (named !== undefined) {
    cursor.at++
    return named
  }
  if (letter === 'x') return ByteClass.ofByte(readHexadecimal(cursor))
  if (letter === 'o') return ByteClass.ofByte(readBraced(cursor, /o\{([0-7]{1,6})\}/y, 8))
  if (letter === 'c') return ByteClass.ofByte(readControl(cursor))
  const octal = cursor.match(/0[0-7]{0,2}|[1-3][0-7]{2}/y)
  if (octal !== undefined) return ByteClass.ofByte(Number.parseInt(octal[0], 8))
  return undefined
}

/** Reads what a backslash before any other character means: that character, unless it is a letter or digit. */
export function readPlainEscape(cursor: RegexCursor): ByteClass {
  const start = cursor.at - 1
  const character = cursor.next()
  if (character === '') {
    throw new RegexSyntaxError('it ends in a backslash', 'write \\\\ for a backslash', start)
  }
  if (/[A-Za-z0-9]/.test(character)) {
    throw new RegexSyntaxError(
      `\\${character} has no meaning here`,
      `write ${character} for the letter`,
      start,
    )
  }
  return ByteClass.ofByte(character.charCodeAt(0))
}

function readHexadecimal(cursor: RegexCursor): number {
  if (cursor.peek(1) === '{') return readBraced(cursor, /x\{([0-9A-Fa-f]{1,6})\}/y, 16)
  const digits = cursor.match(/x([0-9A-Fa-f]{0,2})/y)?.[1] ?? ''
  return digits === '' ? 0 : Number.parseInt(digits, 16)
}

function readBraced(cursor: RegexCursor, pattern: RegExp, radix: number): number {
  const start = cursor.at - 1
  const digits = cursor.match(pattern)?.[1]
  const byte = digits === undefined ? Number.NaN : Number.parseInt(digits, radix)
  if (byte <= 0xff) return byte
  const fix = 'write a byte, \\x00 to \\xff; rules see UTF-8 text as its bytes'
  throw new RegexSyntaxError('this escape is no byte', fix, start)
}

function readControl(cursor: RegexCursor): number {
  const start = cursor.at - 1
  const letter = cursor.match(/c([\x20-\x7e])/y)?.[1]
  if (letter === undefined) throw new RegexSyntaxError('\\c names no key', 'write \\xHH', start)
  return letter.toUpperCase().charCodeAt(0) ^ 0x40
}
