import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { ByteString } from '../language/bytes.ts'
import { buildAutomaton } from './build-automaton.ts'
import { compileRegex } from './compile-regex.ts'
import { LazyAutomaton } from './lazy-automaton.ts'
import { parseRegex } from './parse-regex.ts'
import { expressions, values } from './testing.ts'
import { unrollCounts } from './unroll.ts'
import { valueFacts } from './value-facts.ts'

function automatonOf(source: string): LazyAutomaton {
  const parsed = parseRegex(source)
  assert.ok(parsed.kind === 'parsed')
  return new LazyAutomaton(buildAutomaton(unrollCounts(parsed.root)))
}

test('the automaton finds a match exactly where the expression does', () => {
  fc.assert(
    fc.property(expressions, fc.array(values, { minLength: 8, maxLength: 8 }), (source, texts) => {
      const automaton = automatonOf(source)
      const compiled = compileRegex(source)
      assert.ok(compiled.kind === 'regex')
      for (const text of texts) {
        assert.equal(automaton.mayMatch(text), compiled.regexp.test(text), JSON.stringify([source, text]))
      }
    }),
    { numRuns: 2000 },
  )
})

test('what no automaton can decide, it lets through', () => {
  assert.equal(automatonOf('a(?!b)').mayMatch('ab'), true)
  assert.equal(automatonOf('(a|b)=\\1').mayMatch('a=b'), true)
  assert.equal(automatonOf('a++ab').mayMatch('aab'), true)
  assert.equal(automatonOf('a(?!b)').mayMatch('b'), false)
})

test('long values that an expression would step back over are answered in one pass', () => {
  for (const source of ['.*\\.ph(?:p\\d*|tml)\\.*$', '\\w+\\s*=\\s*\\w+;', '(?:a+)+b', '\\bx\\w*y\\b.*z']) {
    const compiled = compileRegex(source)
    assert.ok(compiled.kind === 'regex')
    for (const text of ['a'.repeat(50_000), 'x a='.repeat(12_000), '.php5x '.repeat(10_000)]) {
      const value = text as ByteString
      assert.equal(compiled.prefilter.admits(value, valueFacts(value)), false, source)
    }
  }
})

test('an automaton of too many states forgets them and goes on, or gives up by saying yes', () => {
  const automaton = automatonOf('[ab]*a[ab]{14}c')
  const pieces = Array.from({ length: 4000 }, (_, index) =>
    (index * index * 7 + index) % 11 < 5 ? 'a' : 'b',
  )
  assert.equal(typeof automaton.mayMatch(pieces.join('')), 'boolean')
  assert.equal(automaton.mayMatch(`${pieces.join('')}a${'b'.repeat(14)}c`), true)
  assert.equal(automaton.mayMatch('abc'), false)
})
