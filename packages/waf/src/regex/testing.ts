import * as fc from 'fast-check'
import type { ByteString } from '../language/bytes.ts'
import type { RegexNode } from './syntax-tree.ts'
import { emptyNode } from './syntax-tree.ts'

const atoms = [
  'a',
  'b',
  'ab',
  '[ab]',
  '[^a]',
  '.',
  '\\w',
  '\\s',
  '\\b',
  '\\B',
  '^',
  '$',
  'c1',
  '(?i:B)',
  'select',
  '=',
]

const signs = ['*', '+', '?', '*?', '+?', '??', '{1}', '{2}', '{1,3}', '{0,2}?', '{2,}']

/** Regular expressions of all kinds that need no more than an automaton, some of which cannot be. */
export const { expression: expressions } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(...atoms),
    fc.tuple(tie('expression'), tie('expression')).map(([left, right]) => left + right),
    fc.tuple(tie('expression'), tie('expression')).map(([left, right]) => `(?:${left}|${right})`),
    tie('expression').map((body) => `(${body})`),
    fc.tuple(tie('expression'), fc.constantFrom(...signs)).map(([body, sign]) => `(?:${body})${sign}`),
  ),
}))

/** Values near to what those expressions match. */
export const values = fc
  .array(fc.constantFrom('a', 'b', 'A', 'B', 'c', '1', ' ', '\n', '=', 'select', 'SELECT', '\u00e9'), {
    maxLength: 12,
  })
  .map((parts) => parts.join('') as ByteString)

/** A text that an expression may match: one way through its tree, assertions taken to hold. */
export function sampleOf(node: RegexNode, choose: (below: number) => number): string {
  switch (node.kind) {
    case 'bytes': {
      const ranges = node.bytes.ranges()
      const [first, last] = ranges[choose(ranges.length)] ?? [0, 0]
      return String.fromCharCode(first + choose(last - first + 1))
    }
    case 'sequence':
      return node.items.map((item) => sampleOf(item, choose)).join('')
    case 'choice':
      return sampleOf(node.branches[choose(node.branches.length)] ?? emptyNode, choose)
    case 'repeat': {
      const times = node.min + choose(Math.min(node.max - node.min, 3) + 1)
      return Array.from({ length: times }, () => sampleOf(node.body, choose)).join('')
    }
    case 'capture':
    case 'atomic':
      return sampleOf(node.body, choose)
    default:
      return ''
  }
}
