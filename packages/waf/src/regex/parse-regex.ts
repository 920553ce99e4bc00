import { ByteClass, anyByte } from './byte-class.ts'
import { lineEnds } from './named-classes.ts'
import { readClass } from './read-class.ts'
import { readByteEscape, readPlainEscape } from './read-escape.ts'
import type { GroupOpening, RegexFlags } from './read-group-opening.ts'
import { readGroupOpening } from './read-group-opening.ts'
import { readQuantifier } from './read-quantifier.ts'
import { RegexCursor } from './regex-cursor.ts'
import type { RegexMistake } from './regex-mistake.ts'
import { RegexSyntaxError } from './regex-mistake.ts'
import type { Assertion, RegexNode } from './syntax-tree.ts'
import { sequenceOf } from './syntax-tree.ts'

/** An expression as read: its tree and the number of its capturing groups. */
export interface ParsedRegex {
  readonly kind: 'parsed'
  readonly root: RegexNode
  readonly captures: number
}

const maximumDepth = 200

/**
 * Reads a regular expression as PCRE and RE2 write it, over bytes. `.` matches line ends too, `^` and `$` stand for
 * the ends of the value alone, unless `(?-s)` and `(?m)` say otherwise.
 */
export function parseRegex(source: string): ParsedRegex | RegexMistake {
  try {
    return new RegexParser(source).parse()
  } catch (error) {
    if (error instanceof RegexSyntaxError) return error.mistake
    throw error
  }
}

class RegexParser {
  readonly #cursor: RegexCursor
  readonly #names = new Map<string, number>()
  #flags: RegexFlags = { ignoreCase: false, dotAll: true, multiline: false, extended: false }
  #captures = 0
  #highestReference = 0
  #depth = 0

  constructor(source: string) {
    this.#cursor = new RegexCursor(source)
  }

  parse(): ParsedRegex {
    const root = this.#parseChoice()
    if (!this.#cursor.done) this.#refuse('a ) closes nothing', 'write \\)', this.#cursor.at)
    if (this.#highestReference > this.#captures) {
      this.#refuse(`there is no group ${this.#highestReference}`, 'refer to a group that is there', 0)
    }
    return { kind: 'parsed', root, captures: this.#captures }
  }

  #parseChoice(): RegexNode {
    const branches = [this.#parseSequence()]
    while (this.#cursor.take('|')) branches.push(this.#parseSequence())
    const [only] = branches
    return branches.length === 1 && only !== undefined ? only : { kind: 'choice', branches }
  }

  #parseSequence(): RegexNode {
    const items: RegexNode[] = []
    for (;;) {
      this.#skipExtended()
      const next = this.#cursor.peek()
      if (next === '' || next === '|' || next === ')') return sequenceOf(items)
      const start = this.#cursor.at
      const atom = this.#parseAtom()
      if (atom !== undefined) items.push(this.#parseQuantified(atom, start))
    }
  }

  /** PCRE lets a repetition be repeated; the bound keeps the tree shallow. */
  #parseQuantified(atom: RegexNode, start: number): RegexNode {
    let node = atom
    for (let times = 0; ; times++) {
      this.#skipExtended()
      const quantifier = readQuantifier(this.#cursor)
      if (quantifier === undefined) return node
      const { min, max, lazy, possessive } = quantifier
      if (min > max) this.#refuse('this repetition is upside down', 'write the smaller number first', start)
      if (times === 4) this.#refuse('too many repetitions of one thing', 'write one', start)
      const repeat: RegexNode = { kind: 'repeat', body: node, min, max, lazy }
      node = possessive ? { kind: 'atomic', body: repeat } : repeat
    }
  }

  /** One thing that may be repeated; `undefined` for flags and comments. */
  #parseAtom(): RegexNode | undefined {
    const start = this.#cursor.at
    const character = this.#cursor.next()
    switch (character) {
      case '(':
        return this.#parseGroup(readGroupOpening(this.#cursor, this.#flags), start)
      case '[':
        return { kind: 'bytes', bytes: readClass(this.#cursor, this.#flags.ignoreCase) }
      case '.':
        return { kind: 'bytes', bytes: this.#flags.dotAll ? anyByte : allButNewline }
      case '^':
        return assertion(this.#flags.multiline ? 'line-start' : 'start')
      case '$':
        return assertion(this.#flags.multiline ? 'line-end' : 'end')
      case '\\':
        return this.#parseEscape()
      case '*':
      case '+':
      case '?':
        return this.#refuse(`${character} repeats nothing`, `write \\${character}`, start)
      default:
        return this.#literal(ByteClass.ofByte(character.charCodeAt(0)))
    }
  }

  #parseGroup(opening: GroupOpening, start: number): RegexNode | undefined {
    if (opening.kind === 'comment') return undefined
    if (opening.kind === 'flags') {
      this.#flags = opening.flags
      return undefined
    }
    if (++this.#depth > maximumDepth) this.#refuse('groups are nested too deeply', 'split the rule', start)
    const outer = this.#flags
    if (opening.kind === 'plain') this.#flags = opening.flags
    const index = opening.kind === 'capture' ? this.#openCapture(opening.name) : 0
    const body = this.#parseChoice()
    if (!this.#cursor.take(')')) this.#refuse('a ( is never closed', 'write ) or \\(', start)
    this.#flags = outer
    this.#depth--
    switch (opening.kind) {
      case 'capture':
        return { kind: 'capture', index, body }
      case 'atomic':
        return { kind: 'atomic', body }
      case 'look':
        return { kind: 'look', behind: opening.behind, negated: opening.negated, body }
      default:
        return body
    }
  }

  #openCapture(name: string | undefined): number {
    this.#captures++
    if (name !== undefined) this.#names.set(name, this.#captures)
    return this.#captures
  }

  #parseEscape(): RegexNode | undefined {
    const start = this.#cursor.at - 1
    const letter = this.#cursor.peek()
    if (letter === 'Q') return this.#parseQuotedText(this.#cursor.match(/Q([^]*?)(?:\\E|$)/y)?.[1] ?? '')
    if (this.#cursor.take('E')) return undefined
    const reference = mayBeReference.test(letter) ? this.#parseReference(start) : undefined
    if (reference !== undefined) return reference
    const simple = simpleEscapes.get(letter)
    if (simple === undefined)
      return this.#literal(readByteEscape(this.#cursor) ?? readPlainEscape(this.#cursor))
    this.#cursor.at++
    return simple
  }

  #parseQuotedText(text: string): RegexNode {
    return sequenceOf(
      text.split('').map((character) => this.#literal(ByteClass.ofByte(character.charCodeAt(0)))),
    )
  }

  #parseReference(start: number): RegexNode | undefined {
    const numbered = this.#cursor.match(/([1-9][0-9]?)(?![0-9])|g\{?([1-9][0-9]?)\}?/y)
    const named = numbered === undefined ? this.#cursor.match(/k[<{'](\w+)[>}']/y)?.[1] : undefined
    if (numbered === undefined && named === undefined) return undefined
    const index = named === undefined ? Number(numbered?.[1] ?? numbered?.[2]) : this.#names.get(named)
    if (index === undefined)
      return this.#refuse(`there is no group ${named}`, 'refer to a group before it', start)
    this.#highestReference = Math.max(this.#highestReference, index)
    return { kind: 'backreference', index, ignoreCase: this.#flags.ignoreCase }
  }

  #literal(bytes: ByteClass): RegexNode {
    return { kind: 'bytes', bytes: this.#flags.ignoreCase ? bytes.foldCase() : bytes }
  }

  #skipExtended(): void {
    if (this.#flags.extended) this.#cursor.match(/(?:[\t-\r ]|#[^\n]*)*/y)
  }

  #refuse(message: string, fix: string, offset: number): never {
    throw new RegexSyntaxError(message, fix, offset)
  }
}

const mayBeReference = /[1-9gk]/

function assertion(kind: Assertion): RegexNode {
  return { kind: 'assertion', assertion: kind }
}

const allButNewline = ByteClass.ofText('\n').complement()

function bytes(text: string): RegexNode {
  return { kind: 'bytes', bytes: ByteClass.ofText(text) }
}

const simpleEscapes: ReadonlyMap<string, RegexNode> = new Map<string, RegexNode>([
  ['A', assertion('start')],
  ['z', assertion('end')],
  ['Z', sequenceOf([{ kind: 'repeat', body: bytes('\n'), min: 0, max: 1, lazy: false }, assertion('end')])],
  ['b', assertion('word-boundary')],
  ['B', assertion('no-word-boundary')],
  [
    'R',
    {
      kind: 'choice',
      branches: [sequenceOf([bytes('\r'), bytes('\n')]), { kind: 'bytes', bytes: lineEnds }],
    },
  ],
])
