import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { childPointer, fragmentPointer, pointerTokens, valueAt } from './json-pointer.ts'

test('the tokens of a pointer are the names that it was made of', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (names) => {
      assert.deepEqual(pointerTokens(names.reduce(childPointer, '')), names)
    }),
  )
})

test('a pointer leads to own members only', () => {
  assert.equal(valueAt({}, ['constructor']), undefined)
  assert.equal(valueAt([], ['length', 'x']), undefined)
  assert.equal(valueAt({ a: [{ b: 1 }] }, ['a', '0', 'b']), 1)
})

test('a fragment is percent-decoded before it is a pointer', () => {
  assert.equal(fragmentPointer('/paths/~1users~1%7Bid%7D'), '/paths/~1users~1{id}')
  assert.equal(fragmentPointer('anchor'), undefined)
  assert.equal(fragmentPointer('/%zz'), undefined)
})
