import { ByteClass } from './byte-class.ts'
import { posixClasses } from './named-classes.ts'
import { readByteEscape, readPlainEscape } from './read-escape.ts'
import type { RegexCursor } from './regex-cursor.ts'
import { RegexSyntaxError } from './regex-mistake.ts'

/** A class that was read, and how it is written from behind its opening bracket on. */
interface KnownClass {
  readonly text: string
  readonly ignoreCase: boolean
  readonly bytes: ByteClass
}

/** Those that were read last: rules write the same few thousands of times, between the letters of words. */
const known: KnownClass[] = []
const mostKnown = 16

/** Reads a class of bytes, `[a-z\d[:punct:]]`, after its opening bracket. */
export function readClass(cursor: RegexCursor, ignoreCase: boolean): ByteClass {
  // Nothing behind the bracket that closes a class says what it is, so what begins with a known one is that one.
  const index = known.findIndex((each) => each.ignoreCase === ignoreCase && cursor.startsWith(each.text))
  const found = known[index]
  if (found !== undefined) {
    cursor.at += found.text.length
    if (index > 0) known.unshift(...known.splice(index, 1))
    return found.bytes
  }
  const start = cursor.at
  const bytes = readNewClass(cursor, ignoreCase)
  known.unshift({ text: cursor.textFrom(start), ignoreCase, bytes })
  known.length = Math.min(known.length, mostKnown)
  return bytes
}

function readNewClass(cursor: RegexCursor, ignoreCase: boolean): ByteClass {
  const start = cursor.at - 1
  const negated = cursor.take('^')
  const words = new Uint32Array(8)
  // A bracket that comes first is a byte of the class.
  let first = true
  while (first || cursor.peek() !== ']') {
    if (cursor.done) throw new RegexSyntaxError('a [ is never closed', 'write ] or \\[', start)
    addAll(words, readItem(cursor))
    first = false
  }
  cursor.at++
  const bytes = ignoreCase ? new ByteClass(words).foldCase() : new ByteClass(words)
  return negated ? bytes.complement() : bytes
}

function readItem(cursor: RegexCursor): ByteClass {
  const start = cursor.at
  const from = readAtom(cursor)
  if (from === undefined || cursor.peek() !== '-' || cursor.peek(1) === ']') return from ?? noBytes
  cursor.at++
  const to = readAtom(cursor)
  if (to === undefined) return from.union(hyphen)
  // Next to a class such as \w a hyphen is itself.
  if (from.size !== 1 || to.size !== 1) return from.union(to).union(hyphen)
  const [low, high] = [from.first() ?? 0, to.first() ?? 0]
  if (low > high)
    throw new RegexSyntaxError('this range of bytes is upside down', 'write the lower byte first', start)
  return ByteClass.ofRanges([low, high])
}

/** One byte or named class; `undefined` where only a `\Q` or `\E` stood. */
function readAtom(cursor: RegexCursor): ByteClass | undefined {
  const posix = cursor.match(/\[:(\^?)([a-z]+):\]/y)
  if (posix !== undefined) return posixClass(posix[2] ?? '', posix[1] === '^', cursor.at - posix[0].length)
  if (!cursor.take('\\')) return ByteClass.ofByte(cursor.next().charCodeAt(0))
  if (cursor.take('b')) return ByteClass.ofByte(0x08)
  if (cursor.take('E')) return undefined
  const octal = cursor.match(/[1-7][0-7]{0,1}/y)
  if (octal !== undefined && !/[0-7]/.test(cursor.peek()))
    return ByteClass.ofByte(Number.parseInt(octal[0], 8))
  if (octal !== undefined) cursor.at -= octal[0].length
  return readByteEscape(cursor) ?? readPlainEscape(cursor)
}

function posixClass(name: string, negated: boolean, offset: number): ByteClass {
  const bytes = posixClasses.get(name)
  if (bytes !== undefined) return negated ? bytes.complement() : bytes
  const names = [...posixClasses.keys()].join(', ')
  throw new RegexSyntaxError(`there is no class [:${name}:]`, `write one of ${names}`, offset)
}

function addAll(words: Uint32Array, bytes: ByteClass): void {
  for (let index = 0; index < 8; index++) words[index] = (words[index] ?? 0) | (bytes.words[index] ?? 0)
}

const noBytes = new ByteClass(new Uint32Array(8))
const hyphen = ByteClass.ofText('-')
