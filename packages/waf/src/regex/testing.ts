import * as fc from 'fast-check'
import type { ByteString } from '../language/bytes.ts'

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

const signs = ['*', '+', '?', '*?', '+?', '??', '{2}', '{1,3}', '{0,2}?', '{2,}']

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
