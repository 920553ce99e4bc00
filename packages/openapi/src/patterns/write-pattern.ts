import { complement } from './code-point-set.ts'
import type { CodePointSet } from './code-point-set.ts'
import type { PatternNode } from './pattern-node.ts'

/** Writes a tree as its author would have: the characters keep the text they were read from. */
export function writePattern(node: PatternNode): string {
  return write(node, (character) => character.text)
}

/** Whose syntax a pattern is written in. */
export type PatternSyntax = 'ecmascript' | 're2'

/**
 * Writes a tree so that every engine reads the same language from it: each set of characters is spelled out,
 * since RE2 and ECMAScript disagree on `\s` and the full stop. For ECMAScript the flag `u` is needed.
 */
export function writeExactPattern(node: PatternNode, syntax: PatternSyntax): string {
  return write(node, (character) => writeSet(character.set, syntax))
}

type CharacterNode = Extract<PatternNode, { kind: 'character' }>

function write(node: PatternNode, character: (node: CharacterNode) => string): string {
  switch (node.kind) {
    case 'empty':
    case 'backreference':
      return ''
    case 'character':
      return character(node)
    case 'sequence':
      return node.items
        .map((item) => (item.kind === 'choice' ? `(?:${write(item, character)})` : write(item, character)))
        .join('')
    case 'choice':
      return node.options.map((option) => write(option, character)).join('|')
    case 'repeat':
      return `${writeBody(node.body, character)}${writeBounds(node.min, node.max)}`
    case 'start':
      return '^'
    case 'end':
      return '$'
    case 'boundary':
      return node.negated ? '\\B' : '\\b'
    default:
      return `(?${node.ahead ? '' : '<'}${node.negated ? '!' : '='}${write(node.body, character)})`
  }
}

function writeBody(body: PatternNode, character: (node: CharacterNode) => string): string {
  return body.kind === 'character' ? character(body) : `(${write(body, character)})`
}

function writeBounds(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`
  if (min === 0 && max === 1) return '?'
  return min === max ? `{${min}}` : `{${min},${max}}`
}

function writeSet(set: CodePointSet, syntax: PatternSyntax): string {
  if (set.length === 0) return syntax === 're2' ? '[^\\x{0}-\\x{10FFFF}]' : '[]'
  const rest = complement(set)
  if (rest.length === 0) return `[${writeRanges(set, syntax)}]`
  return rest.length < set.length ? `[^${writeRanges(rest, syntax)}]` : `[${writeRanges(set, syntax)}]`
}

function writeRanges(set: CodePointSet, syntax: PatternSyntax): string {
  const escape = syntax === 're2' ? '\\x' : '\\u'
  return set
    .map(([from, to]) => {
      const low = `${escape}{${from.toString(16)}}`
      return from === to ? low : `${low}-${escape}{${to.toString(16)}}`
    })
    .join('')
}
