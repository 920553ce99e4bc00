import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ByteString } from '../language/bytes.ts'
import type { Detector } from './detection.ts'
import { detectorsBySample } from './testing.ts'

/** What could make a reader go back: openings that never close, separators, words that begin a search. */
const pieces = [
  'some words of prose ',
  'SELECT a FROM b; ',
  'we write "SELECT * FROM users" here ',
  "it's `drop table x` so ",
  '<head><p>',
  '<html></table><!--[if mso]>',
  '<script type="application/ld+json">',
  '<img src="//a',
  '<style>a{}',
  '<html></table><style>a{}',
  '<script> tag, ',
  'a;eval ',
  "a'b'",
  '`` ',
  '$()',
  '(&(a=b)(c=',
  'see //a[@b="c"] ',
  '|attr(',
  '1 OR a ',
  '; MATCH (a) ',
  'b)(c',
  '\\29\\28',
  '/a/__proto__',
  '{% set a =',
  '"a"?',
  '::$data',
  'eyJ',
  'a\nconst b = ',
  '\n    host:a.b ',
  '```js ',
  './',
  '\r\nA-b:',
  '\\.a.',
  'https://a.b@',
  "'+'",
  ';id>',
  '&rem',
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
/** As many bytes in one value may take this many times as long as in `factor` values; time that grows with the square takes 8 times as long. */
const most = factor / 2

for (const [name, detect] of Object.entries(detectorsBySample)) {
  test(`${name} reads a value in time that grows with its length and no faster`, () => {
    for (const piece of pieces) {
      const growth = leastGrowth(detect, piece)
      assert.ok(
        growth < most,
        `${JSON.stringify(piece)}: the same bytes in one value took ${growth.toFixed(1)} times as long`,
      )
    }
  })
}

/**
 * How many times longer one value takes than its bytes in `factor` values: the least of some tries, for whatever else the machine
 * does makes it only longer. Both readings are of many milliseconds, since the kernel counts processor time in steps of some.
 */
function leastGrowth(detect: Detector, piece: string): number {
  const small = piece.repeat(short / piece.length) as ByteString
  const large = piece.repeat((short * factor) / piece.length) as ByteString
  let least = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 6 && least >= most; attempt++) {
    const ofLarge = bestTime(detect, large, 1, attempt + 1)
    // Too short to tell, and no harm either way.
    if (ofLarge < 20) return 1
    least = Math.min(least, ofLarge / Math.max(bestTime(detect, small, factor, attempt + 1), 1))
  }
  return least
}

/** Milliseconds of processor time of this thread for a value read so many times, the least of some runs. */
function bestTime(detect: Detector, value: ByteString, times: number, runs: number): number {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < runs; run++) {
    const start = process.threadCpuUsage()
    for (let time = 0; time < times; time++) detect(value)
    const { user, system } = process.threadCpuUsage(start)
    best = Math.min(best, (user + system) / 1_000)
  }
  return best
}
