import type { ByteClass } from './byte-class.ts'
import type { Assertion, LookNode, RegexNode } from './syntax-tree.ts'
import { someNode } from './syntax-tree.ts'

/**
 * Writes a tree as the source of a JavaScript regular expression for byte strings, to be used without any flag. It
 * says nothing that V8's linear engine could not run; `undefined` where the tree needs more than that.
 */
export function toJavaScript(node: RegexNode): string | undefined {
  try {
    return write(node)
  } catch (error) {
    if (error instanceof NotRegular) return undefined
    throw error
  }
}

class NotRegular extends Error {
  override readonly name = 'NotRegular'
}

function write(node: RegexNode): string {
  switch (node.kind) {
    case 'bytes':
      return writeClass(node.bytes)
    case 'sequence':
      return node.items.map(writeItem).join('')
    case 'choice':
      return node.branches.map(write).join('|')
    case 'capture':
      return `(${write(node.body)})`
    case 'repeat':
      return writeRepeat(node.body, signOf(node.min, node.max), node.lazy)
    case 'assertion':
      return writeAssertion(node.assertion)
    case 'look':
      return writeLookbehind(node)
    default:
      throw new NotRegular()
  }
}

function writeItem(node: RegexNode): string {
  return node.kind === 'choice' ? `(?:${write(node)})` : write(node)
}

function writeRepeat(body: RegexNode, sign: string, lazy: boolean): string {
  const text = write(body)
  const atom = body.kind === 'bytes' || body.kind === 'capture' ? text : `(?:${text})`
  return atom + sign + (lazy ? '?' : '')
}

function signOf(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? '*' : '+'
  return min === 0 ? '?' : ''
}

/** The end of a line needs a lookahead, which the linear engine has not. */
function writeAssertion(assertion: Assertion): string {
  switch (assertion) {
    case 'start':
      return '^'
    case 'end':
      return '$'
    case 'line-start':
      return '(?:^|(?<=\\n))'
    case 'word-boundary':
      return '\\b'
    case 'no-word-boundary':
      return '\\B'
    default:
      throw new NotRegular()
  }
}

function writeLookbehind(node: LookNode): string {
  if (!node.behind || someNode(node.body, (part) => part.kind === 'capture')) throw new NotRegular()
  return `(?<${node.negated ? '!' : '='}${write(node.body)})`
}

function writeClass(bytes: ByteClass): string {
  const known = writtenClasses.get(bytes)
  if (known !== undefined) return known
  const written = writeNewClass(bytes)
  writtenClasses.set(bytes, written)
  return written
}

/** Letters of all expressions share their classes, so most are written once. */
const writtenClasses = new WeakMap<ByteClass, string>()

function writeNewClass(bytes: ByteClass): string {
  if (bytes.size === 256) return '[^]'
  if (bytes.size === 0) return '[]'
  if (bytes.size === 1) return writeByte(bytes.first() ?? 0)
  const negated = bytes.size > 128
  const ranges = (negated ? bytes.complement() : bytes).ranges()
  return `[${negated ? '^' : ''}${ranges.map(writeRange).join('')}]`
}

function writeRange([first, last]: readonly [number, number]): string {
  if (first === last) return writeByte(first)
  return last === first + 1 ? writeByte(first) + writeByte(last) : `${writeByte(first)}-${writeByte(last)}`
}

function writeByte(byte: number): string {
  const character = String.fromCharCode(byte)
  return /[A-Za-z0-9 _<>=!:;,&#@%~"'`]/.test(character)
    ? character
    : `\\x${byte.toString(16).padStart(2, '0')}`
}
