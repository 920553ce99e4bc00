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

const short = 8_000
const factor = 8
/** Time that grows with the square of the length grows 64 times here. */
const most = factor * 4

for (const [name, detect] of Object.entries(detectorsBySample)) {
  test(`${name} reads a value in time that grows with its length and no faster`, () => {
    for (const piece of pieces) {
      const growth = leastGrowth(detect, piece)
      assert.ok(
        growth < most,
        `${JSON.stringify(piece)}: ${factor} times the bytes took ${growth.toFixed(1)} times as long`,
      )
    }
  })
}

/**
 * How many times longer a value of `factor` times the bytes takes: the least of some tries, for whatever else the machine does
 * makes it only longer.
 */
function leastGrowth(detect: Detector, piece: string): number {
  const small = piece.repeat(short / piece.length) as ByteString
  const large = piece.repeat((short * factor) / piece.length) as ByteString
  let least = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 6 && least >= most; attempt++) {
    const ofLarge = bestTime(detect, large, attempt + 1)
    // Too short to tell, and no harm either way.
    if (ofLarge < 10) return 1
    least = Math.min(least, ofLarge / Math.max(bestTime(detect, small, attempt + 3), 0.5))
  }
  return least
}

/** Milliseconds of processor time of this thread, the least of some runs: what other programs do is not counted. */
function bestTime(detect: Detector, value: ByteString, runs: number): number {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < runs; run++) {
    const start = process.threadCpuUsage()
    detect(value)
    const { user, system } = process.threadCpuUsage(start)
    best = Math.min(best, (user + system) / 1_000)
  }
  return best
}
