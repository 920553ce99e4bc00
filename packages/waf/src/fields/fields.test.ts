import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { array, assert as assertProperty, boolean, constantFrom, property, string, tuple } from 'fast-check'
import { createWaf } from '../engine/create-waf.ts'
import { bytesOfText } from '../language/bytes.ts'
import { detectors } from '../operators/detect.ts'
import { buildAutomaton } from '../regex/build-automaton.ts'
import { compileRegex } from '../regex/compile-regex.ts'
import { languagesMeet } from '../regex/languages-meet.ts'
import { LazyAutomaton } from '../regex/lazy-automaton.ts'
import { parseRegex } from '../regex/parse-regex.ts'
import { unrollCounts } from '../regex/unroll.ts'
import { matchNeeds } from './match-needs.ts'

function automatonOf(source: string): LazyAutomaton {
  const parsed = parseRegex(source)
  assert.equal(parsed.kind, 'parsed')
  return LazyAutomaton.of(
    buildAutomaton(unrollCounts(parsed.kind === 'parsed' ? parsed.root : assert.fail())),
  )
}

const meetings: readonly (readonly [string, string, boolean])[] = [
  ['^[A-Z]{3}-\\d{4}$', 'union', false],
  ['^[A-Z]{3}-\\d{4}$', '(?i)OR-1', true],
  ['^\\d+$', '\\b1\\b', true],
  ['^a\\w{2}$', '\\b.{4}', false],
  ['^(?:new|paid)$', 'w$', true],
  ['^(?:new|paid)$', '^ne$', false],
  ['abc', 'xyz', true],
  ['\\bc{2,3}', '^b', true],
]

for (const [first, second, expected] of meetings) {
  test(`${first} and ${second} ${expected ? 'have' : 'do not have'} a text in common`, () => {
    assert.equal(languagesMeet(automatonOf(first), automatonOf(second)), expected)
    assert.equal(languagesMeet(automatonOf(second), automatonOf(first)), expected)
  })
}

test('where two expressions match one text, their languages are found to meet', () => {
  const atom = constantFrom('a', 'b', '[ab]', '[^a]', 'a?', 'b*', '(?:ab|c)', '\\b', 'c{2,3}', '.')
  const source = tuple(boolean(), array(atom, { minLength: 1, maxLength: 5 }), boolean()).map(
    ([start, atoms, end]) => `${start ? '^' : ''}${atoms.join('')}${end ? '$' : ''}`,
  )
  const text = string({ unit: constantFrom('a', 'b', 'c', ' '), maxLength: 8 })
  assertProperty(
    property(source, source, text, (first, second, value) => {
      const matching = [first, second].map((each) => compileRegex(each))
      if (!matching.every((regex) => regex.kind === 'regex' && regex.regexp.test(value))) return
      assert.notEqual(languagesMeet(automatonOf(first), automatonOf(second)), false)
    }),
    { numRuns: 2_000 },
  )
})

test('no detector finds anything in a value without what it is said to need', () => {
  const folder = join(import.meta.dirname, '../detectors/samples')
  const words = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'latin1').match(/[\w-]+/g),
  )
  const noScope = { expand: () => bytesOfText('') }
  const context = { directory: '', report: () => assert.fail(), readData: () => bytesOfText('') }
  for (const [name, factory] of Object.entries(detectors)) {
    const operator = factory(bytesOfText(''), context)
    const needs = compileRegex(matchNeeds.get(name.toLowerCase()) ?? assert.fail(name))
    assert.ok(operator !== undefined && needs.kind === 'regex')
    const check = (value: string): void => {
      const bytes = bytesOfText(value)
      if (!needs.regexp.test(bytes))
        assert.equal(operator.test(bytes, noScope, undefined), false, `${name}: ${value}`)
    }
    for (const word of new Set(words)) check(word ?? '')
    const unit = constantFrom(
      ...words.flatMap((word) => (word === null ? [] : [word, word.slice(0, 2), '-'])),
    )
    assertProperty(property(string({ unit, maxLength: 6 }), check), { numRuns: 500 })
  }
})

test('what a pattern could let through to a rule keeps its values inspected, with the rule named', async () => {
  const { waf } = await createWaf({ rules: ['core'] })
  const standing = (source: string) =>
    waf?.fieldPolicy({
      fields: [{ in: 'query', name: 'q', label: 'query q', values: { kind: 'pattern', source } }],
    }).policy.fields[0]?.because
  const harmless = [
    '^[A-Z]{3}-\\d{4}$',
    '^\\d+$',
    '^(?:new|paid|sent)$',
    '^[A-Z]{2}$',
    // Too short, and with letters of one case alone: no base64 of an attack.
    '^[A-Z][0-8vw]{1,9}$',
    '^[0-9b-f]{32}$',
  ]
  for (const source of harmless) assert.equal(standing(source), undefined, source)
  assert.match(standing('^[A-Za-z0-9]{12,40}$') ?? '', /^rule \d+ could match/, 'it could be base64')
  for (const source of ['^[a-z ]+$', '^SELECT .*$', '^.{1,9}$', 'abc', '^[0-9-]+$', '^(?=x)'])
    assert.match(standing(source) ?? '', /^rule \d+ could match|every character/, source)
})
