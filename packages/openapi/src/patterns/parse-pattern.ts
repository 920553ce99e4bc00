import {
  complement,
  digits,
  lineTerminators,
  propertySet,
  unite,
  whiteSpace,
  wordCharacters,
} from './code-point-set.ts'
import type { CodePointSet } from './code-point-set.ts'
import type { PatternNode } from './pattern-node.ts'

/** Thrown for syntax that the reader does not know, such as inline modifiers. */
class UnknownSyntax extends Error {}

const deepestNesting = 100

/**
 * Reads a pattern that the engine has already accepted (ECMA-262, section 22.2.1, and annex B.1.2 where a
 * backslash is superfluous). `undefined` for syntax outside of that, or nested deeper than 100 groups.
 */
export function parsePattern(source: string): PatternNode | undefined {
  try {
    return new PatternReader(source).read()
  } catch (error) {
    if (error instanceof UnknownSyntax) return undefined
    throw error
  }
}

class PatternReader {
  readonly #source: string
  #at = 0
  #depth = 0

  constructor(source: string) {
    this.#source = source
  }

  read(): PatternNode {
    const node = this.#choice()
    if (this.#at < this.#source.length) throw new UnknownSyntax()
    return node
  }

  #choice(): PatternNode {
    if (++this.#depth > deepestNesting) throw new UnknownSyntax()
    const options = [this.#sequence()]
    while (this.#take('|')) options.push(this.#sequence())
    this.#depth--
    return options.length === 1 && options[0] !== undefined ? options[0] : { kind: 'choice', options }
  }

  #sequence(): PatternNode {
    const items: PatternNode[] = []
    while (this.#at < this.#source.length && !this.#sees('|') && !this.#sees(')')) {
      items.push(this.#quantified())
    }
    if (items.length === 0) return { kind: 'empty' }
    return items.length === 1 && items[0] !== undefined ? items[0] : { kind: 'sequence', items }
  }

  #quantified(): PatternNode {
    const body = this.#atom()
    const bounds = this.#quantifier()
    if (bounds === undefined) return body
    this.#take('?')
    return { kind: 'repeat', body, min: bounds[0], max: bounds[1] }
  }

  #quantifier(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Infinity]
    if (this.#take('+')) return [1, Infinity]
    if (this.#take('?')) return [0, 1]
    const counted = /^\{(\d{1,9})(?:(,)(\d{0,9}))?\}/.exec(this.#source.slice(this.#at, this.#at + 24))
    if (counted === null) return undefined
    this.#at += counted[0].length
    const min = Number(counted[1])
    if (counted[2] === undefined) return [min, min]
    return [min, counted[3] === '' ? Infinity : Number(counted[3])]
  }

  #atom(): PatternNode {
    if (this.#take('(')) return this.#group()
    if (this.#take('[')) return this.#class()
    if (this.#take('^')) return { kind: 'start' }
    if (this.#take('$')) return { kind: 'end' }
    if (this.#take('.')) return { kind: 'character', set: complement(lineTerminators), text: '.' }
    if (this.#sees('\\')) return this.#escape()
    if (this.#sees('*') || this.#sees('+') || this.#sees('?')) throw new UnknownSyntax()
    const text = this.#character()
    return literal(text.codePointAt(0) ?? 0, text)
  }

  #group(): PatternNode {
    const look = (ahead: boolean, negated: boolean): PatternNode => {
      const body = this.#closed()
      return { kind: 'look', ahead, negated, body }
    }
    if (this.#take('?=')) return look(true, false)
    if (this.#take('?!')) return look(true, true)
    if (this.#take('?<=')) return look(false, false)
    if (this.#take('?<!')) return look(false, true)
    if (this.#take('?<')) this.#skipPast('>')
    else if (this.#sees('?') && !this.#take('?:')) throw new UnknownSyntax()
    return this.#closed()
  }

  #closed(): PatternNode {
    const body = this.#choice()
    if (!this.#take(')')) throw new UnknownSyntax()
    return body
  }

  #escape(): PatternNode {
    const from = this.#at
    const next = this.#source[from + 1] ?? ''
    if (next === 'b' || next === 'B') {
      this.#at += 2
      return { kind: 'boundary', negated: next === 'B' }
    }
    if (/[1-9]/.test(next) || (next === 'k' && this.#source[from + 2] === '<')) {
      this.#at += 2
      if (next === 'k') this.#skipPast('>')
      else while (/[0-9]/.test(this.#source[this.#at] ?? '')) this.#at++
      return { kind: 'backreference' }
    }
    const set = this.#escapedSet()
    return { kind: 'character', set, text: this.#source.slice(from, this.#at) }
  }

  #escapedSet(): CodePointSet {
    this.#at++
    const letter = this.#character()
    switch (letter) {
      case 'd':
        return digits
      case 'D':
        return complement(digits)
      case 'w':
        return wordCharacters
      case 'W':
        return complement(wordCharacters)
      case 's':
        return whiteSpace
      case 'S':
        return complement(whiteSpace)
      case 'p':
      case 'P':
        return this.#property(letter)
      default:
        return one(this.#escapedCodePoint(letter))
    }
  }

  #property(letter: 'p' | 'P'): CodePointSet {
    if (!this.#sees('{')) return one(letter.charCodeAt(0))
    const from = this.#at
    this.#skipPast('}')
    return propertySet(`\\${letter}${this.#source.slice(from, this.#at)}`)
  }

  #escapedCodePoint(letter: string): number {
    const control = 'tnvfr'.indexOf(letter)
    if (control >= 0) return [0x09, 0x0a, 0x0b, 0x0c, 0x0d][control] ?? 0
    if (letter === '0') return 0
    if (letter === 'x') return this.#hex(/^[0-9a-fA-F]{2}/) ?? 0x78
    if (letter === 'c') return this.#controlLetter()
    if (letter === 'u') return this.#unicodeEscape()
    return letter.codePointAt(0) ?? 0
  }

  #controlLetter(): number {
    if (!/[A-Za-z]/.test(this.#source[this.#at] ?? '')) throw new UnknownSyntax()
    return this.#character().charCodeAt(0) % 32
  }

  #unicodeEscape(): number {
    if (this.#take('{')) {
      const end = this.#source.indexOf('}', this.#at)
      const codePoint = Number.parseInt(this.#source.slice(this.#at, end), 16)
      this.#at = end + 1
      return codePoint
    }
    const high = this.#hex(/^[0-9a-fA-F]{4}/)
    if (high === undefined) return 0x75
    const low = /^\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(this.#source.slice(this.#at, this.#at + 6))
    if (high < 0xd800 || high > 0xdbff || low?.[1] === undefined) return high
    this.#at += 6
    return (high - 0xd800) * 0x400 + (Number.parseInt(low[1], 16) - 0xdc00) + 0x10000
  }

  #hex(shape: RegExp): number | undefined {
    const found = shape.exec(this.#source.slice(this.#at, this.#at + 4))?.[0]
    if (found === undefined) return undefined
    this.#at += found.length
    return Number.parseInt(found, 16)
  }

  #class(): PatternNode {
    const from = this.#at - 1
    const negated = this.#take('^')
    const sets: CodePointSet[] = []
    while (!this.#take(']')) {
      if (this.#at >= this.#source.length) throw new UnknownSyntax()
      sets.push(this.#classRange())
    }
    const set = unite(...sets)
    return {
      kind: 'character',
      set: negated ? complement(set) : set,
      text: this.#source.slice(from, this.#at),
    }
  }

  #classRange(): CodePointSet {
    const low = this.#classMember()
    if (!this.#sees('-') || this.#source[this.#at + 1] === ']') return low
    this.#at++
    const high = this.#classMember()
    const first = single(low)
    const last = single(high)
    // Annex B: beside a class escape the hyphen is itself.
    if (first === undefined || last === undefined) return unite(low, one(0x2d), high)
    return [[first, last]]
  }

  #classMember(): CodePointSet {
    if (!this.#sees('\\')) return one(this.#character().codePointAt(0) ?? 0)
    if (this.#source[this.#at + 1] === 'b') {
      this.#at += 2
      return one(0x08)
    }
    if (/[1-9]/.test(this.#source[this.#at + 1] ?? '')) throw new UnknownSyntax()
    return this.#escapedSet()
  }

  #character(): string {
    const codePoint = this.#source.codePointAt(this.#at)
    if (codePoint === undefined) throw new UnknownSyntax()
    const text = String.fromCodePoint(codePoint)
    this.#at += text.length
    return text
  }

  #sees(text: string): boolean {
    return this.#source.startsWith(text, this.#at)
  }

  #take(text: string): boolean {
    if (!this.#sees(text)) return false
    this.#at += text.length
    return true
  }

  #skipPast(end: string): void {
    const found = this.#source.indexOf(end, this.#at)
    if (found < 0) throw new UnknownSyntax()
    this.#at = found + 1
  }
}

function literal(codePoint: number, text: string): PatternNode {
  return { kind: 'character', set: one(codePoint), text }
}

function one(codePoint: number): CodePointSet {
  return [[codePoint, codePoint]]
}

function single(set: CodePointSet): number | undefined {
  const range = set[0]
  return set.length === 1 && range !== undefined && range[0] === range[1] ? range[0] : undefined
}
