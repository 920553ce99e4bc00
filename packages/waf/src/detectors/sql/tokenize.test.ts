import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { SqlContext } from './token.ts'
import { mysql, standard } from './token.ts'
import { tokenize } from './tokenize.ts'

const pieces = fc.constantFrom(
  ..."' \" ` \\ $a$ $$ $ -- # /* */ /*! select a 1 0x1 1.e @@v @` \xa0 N' U&' <=> . ; ( \\N \xe9".split(' '),
  ' ',
  '-- ',
  '\n',
  '[a b]',
)
const texts = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''))

test('a reading that goes on as another one has the tokens that it has alone', () => {
  const contexts: readonly SqlContext[] = ['', "'", '"', '`']
  fc.assert(
    fc.property(texts, fc.constantFrom(mysql, standard), (value, dialect) => {
      let known = tokenize(value, '', dialect)
      for (const context of contexts) {
        const read = tokenize(value, context, dialect, undefined, known)
        assert.deepEqual(read.tokens, tokenize(value, context, dialect).tokens)
        for (const token of read.tokens.slice(read.sharedFrom)) assert.ok(known.tokens.includes(token))
        known = read
      }
    }),
    { numRuns: 3000 },
  )
})

test('a reading in another context shares the rest of a value from where both stand outside of a literal', () => {
  const value = `' # '\n${'and 1=1 or a '.repeat(100)}`
  const known = tokenize(value, '', mysql)
  assert.equal(tokenize(value, "'", mysql, undefined, known).sharedFrom, 1)
})

test('a sign of a currency stands where it stands', () => {
  assert.deepEqual(tokenize('a $b$', '', mysql).tokens[1], { kind: 'other', text: '$', start: 2, end: 3 })
})
