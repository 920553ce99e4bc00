import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { ByteString } from '../language/bytes.ts'
import { PhraseAutomaton } from './phrase-automaton.ts'

const letters = fc.constantFrom('a', 'b', 'A', 'c', '\0', '\xff')
const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(letters, { maxLength }).map((parts) => parts.join(''))

test('finds the phrase that ends first, and of those the longest', () => {
  fc.assert(
    fc.property(fc.array(text(5), { maxLength: 12 }), text(30), (phrases, value) => {
      assert.deepEqual(automaton(phrases).find(value as ByteString), searchOneByOne(phrases, value))
    }),
    { numRuns: 2000 },
  )
})

test('finds every phrase of a large list, and nothing in a text that has none', () => {
  // More states than have full rows of transitions.
  const phrases = Array.from({ length: 3000 }, (_, index) => `p${(index * 7919) % 99991}-tail-${index}.php`)
  const many = automaton(phrases)
  for (const phrase of phrases) {
    const value = `xx ${phrase.toUpperCase()} yy` as ByteString
    assert.deepEqual(many.find(value), { start: 3, end: 3 + phrase.length }, phrase)
  }
  assert.equal(many.find('p1-tail-.php p7919-tail'.repeat(50) as ByteString), undefined)
})

test('a phrase that begins inside another one is found where that one fails', () => {
  assert.deepEqual(automaton(['abcd', 'bce', 'c']).find('abce' as ByteString), { start: 2, end: 3 })
  assert.deepEqual(automaton(['abcd', 'bce']).find('abce' as ByteString), { start: 1, end: 4 })
  assert.deepEqual(automaton(['aaab']).find('aaaaaaab' as ByteString), { start: 4, end: 8 })
})

test('no phrases find nothing, and an empty phrase is none', () => {
  assert.equal(automaton([]).find('abc' as ByteString), undefined)
  assert.equal(automaton(['']).find('abc' as ByteString), undefined)
  assert.equal(automaton([]).shortest, 0)
})

test('only A to Z have another case', () => {
  assert.equal(automaton(['\xe0']).find('\xc0' as ByteString), undefined)
  assert.equal(automaton(['[']).find('{' as ByteString), undefined)
  assert.deepEqual(automaton(['UNION']).find('uNiOn' as ByteString), { start: 0, end: 5 })
})

function automaton(phrases: readonly string[]): PhraseAutomaton {
  return new PhraseAutomaton(phrases as readonly ByteString[])
}

function searchOneByOne(
  phrases: readonly string[],
  value: string,
): { start: number; end: number } | undefined {
  const folded = value.replaceAll('A', 'a')
  for (let end = 1; end <= value.length; end += 1) {
    const found = phrases
      .map((phrase) => phrase.replaceAll('A', 'a'))
      .filter((phrase) => phrase !== '' && folded.slice(0, end).endsWith(phrase))
    if (found.length > 0) return { start: end - Math.max(...found.map((phrase) => phrase.length)), end }
  }
  return undefined
}
