import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Automata } from './automata.ts'
import { buildAutomaton } from './build-automaton.ts'
import { compileRegex } from './compile-regex.ts'
import { LazyAutomaton } from './lazy-automaton.ts'
import { LinearRegExp } from './linear-regexp.ts'
import { parseRegex } from './parse-regex.ts'
import { expressions, values } from './testing.ts'
import { unrollCounts } from './unroll.ts'

function automatonOf(source: string): LazyAutomaton {
  const parsed = parseRegex(source)
  assert.ok(parsed.kind === 'parsed')
  return LazyAutomaton.of(buildAutomaton(unrollCounts(parsed.root)))
}

test('the automaton finds a match exactly where the expression does', () => {
  fc.assert(
    fc.property(expressions, fc.array(values, { minLength: 8, maxLength: 8 }), (source, texts) => {
      const automaton = automatonOf(source)
      const compiled = compileRegex(source)
      assert.ok(compiled.kind === 'regex')
      for (const text of texts) {
        assert.equal(
          automaton.endOfMatch(text) !== -1,
          compiled.regexp.test(text),
          JSON.stringify([source, text]),
        )
      }
    }),
    { numRuns: 2000 },
  )
})

test('what ends first, and what began before it, lead to where the first match begins', () => {
  fc.assert(
    fc.property(expressions, fc.array(values, { minLength: 8, maxLength: 8 }), (source, texts) => {
      const parsed = parseRegex(source)
      const compiled = compileRegex(source)
      assert.ok(parsed.kind === 'parsed' && compiled.kind === 'regex')
      const { forward, backward } = new Automata(unrollCounts(parsed.root))
      for (const text of texts) {
        let end = forward.endOfMatch(text)
        let start = -1
        for (; end !== -1; end = forward.endOfMatchBegunBefore(text, start)) {
          start = backward.startOfMatchUpTo(text, end)
        }
        const expected: number = compiled.regexp.exec(text)?.index ?? -1
        assert.equal(start, expected, JSON.stringify([source, text]))
      }
    }),
    { numRuns: 2000 },
  )
})

test('a long value is decided as V8 alone would, with the same captures', () => {
  const texts = fc
    .array(values, { minLength: 20, maxLength: 80 })
    .map((parts) => parts.join('').padEnd(200, 'c'))
  fc.assert(
    fc.property(expressions, texts, (source, text) => {
      const compiled = compileRegex(source)
      assert.ok(compiled.kind === 'regex')
      // V8 is not given one with many optional parts in a row, whose source is only for people to read.
      fc.pre(compiled.regexp instanceof LinearRegExp)
      const plain = new RegExp(compiled.regexp.source)
      assert.equal(compiled.regexp.test(text), plain.test(text), JSON.stringify([source, text]))
      const [found, expected] = [compiled.regexp.exec(text), plain.exec(text)]
      assert.deepEqual([...(found ?? [])], [...(expected ?? [])], JSON.stringify([source, text]))
      assert.equal(found?.index, expected?.index, JSON.stringify([source, text]))
    }),
    { numRuns: 2000 },
  )
})

test('what no automaton can decide, it lets through', () => {
  assert.equal(automatonOf('a(?!b)').endOfMatch('ab'), 1)
  assert.equal(automatonOf('(a|b)=\\1').endOfMatch('a=b'), 2)
  assert.equal(automatonOf('a++ab').endOfMatch('aab'), 3)
  assert.equal(automatonOf('a(?!b)').endOfMatch('b'), -1)
})

test('long values that an expression would step back over are answered in one pass', () => {
  for (const source of ['.*\\.ph(?:p\\d*|tml)\\.*$', '\\w+\\s*=\\s*\\w+;', '(?:a+)+b', '\\bx\\w*y\\b.*z']) {
    const compiled = compileRegex(source)
    assert.ok(compiled.kind === 'regex')
    for (const text of ['a'.repeat(50_000), 'x a='.repeat(12_000), '.php5x '.repeat(10_000)]) {
      assert.equal(automatonOf(source).endOfMatch(text), -1, source)
      assert.equal(compiled.regexp.test(text), false, source)
    }
  }
})

/** Letters in an order that leads an automaton to ever new states. */
function lettersOf(length: number): string {
  let state = 1
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (state >>> 16) & 1 ? 'a' : 'b'
  }).join('')
}

test('an automaton of too many states forgets them and goes on', () => {
  const automaton = automatonOf('[ab]*a[ab]{18}c')
  const letters = lettersOf(60_000)
  assert.equal(automaton.endOfMatch(letters), -1)
  assert.notEqual(automaton.endOfMatch(`${letters}a${'b'.repeat(18)}c`), -1)
  assert.equal(automaton.endOfMatch('abc'), -1)
})

test('an automaton whose large table went to others finds what it found before', () => {
  const letters = lettersOf(12_000)
  const first = automatonOf('[ab]*a[ab]{14}c')
  assert.equal(first.endOfMatch(letters), -1)
  for (let other = 0; other < 50; other += 1) automatonOf('[ab]*a[ab]{14}c').endOfMatch(letters)
  first.shrink()
  assert.equal(first.endOfMatch(letters), -1)
  assert.equal(first.endOfMatch(`${letters}a${'b'.repeat(14)}c`), letters.length + 16)
})

test('in long values a match is found with its captures', () => {
  const compiled = compileRegex('(?i)(sel)ect\\s+(\\w+)')
  assert.ok(compiled.kind === 'regex')
  const text = `${'x '.repeat(20_000)}SELECT  name ${'y '.repeat(20_000)}`
  assert.deepEqual([...(compiled.regexp.exec(text) ?? [])], ['SELECT  name', 'SEL', 'name'])
  assert.equal(compiled.regexp.exec(text)?.index, 40_000)
  assert.equal(compiled.regexp.test(text), true)
  const quadratic = compileRegex('a\\w*b;')
  assert.ok(quadratic.kind === 'regex')
  assert.equal(quadratic.regexp.exec(`${'a'.repeat(100_000)}b;`)?.[0].endsWith('ab;'), true)
  assert.equal(quadratic.regexp.exec(`${'a'.repeat(100_000)};`), null)
})

test('a match at the very end of a long value is one of its end', () => {
  const compiled = compileRegex('(?:^|,)(\\d+)$')
  assert.ok(compiled.kind === 'regex')
  assert.deepEqual([...(compiled.regexp.exec(`${'1,'.repeat(5000)}42`) ?? [])], [',42', '42'])
  assert.equal(compiled.regexp.test('1,'.repeat(5000)), false)
})
