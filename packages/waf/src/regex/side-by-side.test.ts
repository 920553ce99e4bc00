import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Automata } from './automata.ts'
import { parseRegex } from './parse-regex.ts'
import { forgetWalks, walkSideBySide } from './side-by-side.ts'
import { expressions, values } from './testing.ts'
import { unrollCounts } from './unroll.ts'

const unlimited = { isExhausted: () => false }

function automataOf(source: string): Automata {
  const parsed = parseRegex(source)
  assert.ok(parsed.kind === 'parsed')
  return new Automata(unrollCounts(parsed.root))
}

test('automata that walk side by side find what each finds alone', () => {
  const texts = fc.array(values, { maxLength: 6 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.array(expressions, { maxLength: 11 }), fc.array(texts), (sources, several) => {
      const all = sources.map(automataOf)
      const alone = sources.map(automataOf)
      for (const text of several) {
        walkSideBySide(all, text, unlimited)
        assert.deepEqual(
          all.map((automata) => automata.endOfMatch(text)),
          alone.map((automata) => automata.endOfMatch(text)),
        )
      }
      forgetWalks()
    }),
    { numRuns: 500 },
  )
})

test('an automaton that comes twice walks once', () => {
  const automata = automataOf('a+b')
  walkSideBySide([automata, automata, automataOf('b'), automata], 'xxaab', unlimited)
  assert.equal(automata.endOfMatch('xxaab'), 5)
  assert.equal(automata.endOfMatch('ab'), 2)
  forgetWalks()
})

test('more large tables than may be kept do not disturb each other while they walk', () => {
  const letters = lettersOf(12_000)
  const sources = Array.from({ length: 60 }, (_, index) => `[ab]*a[ab]{14}c{${1 + (index % 3)}}`)
  const all = sources.map(automataOf)
  const text = `${letters}a${'b'.repeat(14)}cc`
  walkSideBySide(all, text, unlimited)
  assert.deepEqual(
    all.map((automata) => automata.endOfMatch(text)),
    sources.map((_, index) => (index % 3 === 2 ? -1 : text.length - 1 + (index % 3))),
  )
  forgetWalks()
})

test('who may go on no longer knows nothing, and finds it out when asked', () => {
  const all = ['a', 'b', 'c', 'd', 'e', 'f'].map(automataOf)
  let left = 5
  walkSideBySide(all, 'feb', { isExhausted: () => --left < 0 })
  assert.deepEqual(
    all.map((automata) => automata.endOfMatch('feb')),
    [-1, 3, -1, -1, 2, 1],
  )
  forgetWalks()
})

/** Letters in an order that leads an automaton to ever new states. */
function lettersOf(length: number): string {
  let state = 1
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (state >>> 16) & 1 ? 'a' : 'b'
  }).join('')
}
