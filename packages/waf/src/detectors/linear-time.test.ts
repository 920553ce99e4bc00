import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ByteString } from '../language/bytes.ts'
import type { Detector } from './detection.ts'
import { detectorsBySample } from './testing.ts'

/** What could make a reader go back: openings that never close, separators, words that begin a search. */
const pieces = [
  "'",
  '"',
  '`',
  '\\',
  "\\'",
  "'a",
  '(',
  ')',
  '((',
  '[',
  '{',
  '{{',
  '${',
  '${${',
  '#{',
  '<%',
  '<',
  '<a',
  '<a ',
  '</',
  '<!',
  '<!--',
  '<?',
  '<a b',
  '<a b=',
  '<a b="<',
  '=',
  ' =',
  'a=',
  '&',
  '&#',
  '&#0',
  '&amp',
  '/*',
  '*/',
  '--',
  '-- ',
  '#',
  '\n',
  '\r\n',
  ' ',
  '\t',
  ';',
  '; ',
  '|',
  '||',
  '$a$',
  '$$',
  '@',
  '@a',
  '.',
  '..',
  '../',
  './',
  '/',
  '//',
  '\\\\',
  '%',
  '%2e',
  '%25',
  ':',
  '0',
  '1',
  '1.',
  '1e',
  '0x',
  "1'",
  "x'-",
  ' or ',
  'select ',
  'select a,',
  '(select ',
  'union ',
  'union select ',
  ' insert into ',
  'case when ',
  'alert ',
  'alert',
  'onerror ',
  'document ',
  'self ',
  'url(',
  'style=',
  'expression ',
  "'+",
  '`id',
  '`ls`',
  '$(',
  '$IFS',
  'a;id ',
  ';cat ',
  '\nls ',
  "c'a't",
  '__',
  '__proto__',
  'constructor ',
  '$ne',
  '[$',
  '*)(',
  ')(',
  'http://',
  '//a@',
  '[::',
  '\xc0\xae',
  '\xe2\x80\x99',
  '\xc3\xa0',
  '\0',
  '%00',
  'O:1:',
  'aced',
  '!!',
  'java.',
  '\xff',
] as const

// Counted in the work that is visible from outside: how the time grows when the value does, taken as the best of several runs.
const short = 8_000
const factor = 8

for (const [name, detect] of Object.entries(detectorsBySample)) {
  test(`${name} reads a value in time that grows with its length and no faster`, () => {
    for (const piece of pieces) {
      const growth = growthOf(detect, piece)
      assert.ok(
        growth < factor * 4,
        `${JSON.stringify(piece)}: ${factor} times the bytes took ${growth.toFixed(1)} times as long`,
      )
    }
  })
}

/** How many times longer a value of `factor` times the bytes takes; 1 where both are too short to tell. */
function growthOf(detect: Detector, piece: string): number {
  const small = bestTime(detect, piece.repeat(short / piece.length) as ByteString)
  const large = bestTime(detect, piece.repeat((short * factor) / piece.length) as ByteString)
  return large < 10 ? 1 : large / Math.max(small, 1)
}

function bestTime(detect: Detector, value: ByteString): number {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < 3; run++) {
    const start = performance.now()
    detect(value)
    best = Math.min(best, performance.now() - start)
    if (best < 1) break
  }
  return best
}
