import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { ByteString } from '../language/bytes.ts'
import { bytesOf } from '../language/bytes.ts'
import { detectorsBySample, missingSharedSamples, readSamples, readSharedSamples } from './testing.ts'

const detectors = Object.entries(detectorsBySample)

for (const [name, detect] of detectors) {
  test(`every sample of ${name} is found`, () => {
    const missed = readSamples(name).filter((value) => detect(value) === undefined)
    assert.deepEqual(missed, [])
  })
}

test('no detector finds anything in what people write', () => {
  const found = readSamples('harmless').flatMap((value) =>
    detectors.flatMap(([name, detect]) => (detect(value) === undefined ? [] : [`${name}: ${value}`])),
  )
  assert.deepEqual(found, [])
})

const sqlFiles = [
  'sqli-fullqueries',
  'sqli-hackers',
  'sqli-misc',
  'sqli-phpids',
  'sqli-rsalgado-bhusa2013',
  'sqli-spiderlabs-201107',
]

test(
  'of the SQL injections that others collected, 99 in 100 are found',
  { skip: missingSharedSamples },
  () => {
    assert.ok(shareFound('sql-injection', readSharedSamples(sqlFiles)) >= 0.99)
  },
)

test('of the XSS that others collected, 98 in 100 are found', { skip: missingSharedSamples }, () => {
  const samples = readSharedSamples(['xss-html5secorg', 'xss-smoke-test'])
  assert.ok(shareFound('cross-site-scripting', samples) >= 0.98)
})

test(
  'of the odd but harmless lines that others collected, at most 3 in 100 are flagged',
  { skip: missingSharedSamples },
  () => {
    const samples = readSharedSamples(['benign-odd-lines'])
    const flagged = samples.filter((value) => detectors.some(([, detect]) => detect(value) !== undefined))
    assert.ok(flagged.length / samples.length <= 0.03, flagged.join('\n'))
  },
)

function shareFound(name: string, samples: readonly ByteString[]): number {
  const detect = detectorsBySample[name]
  assert.ok(detect)
  return samples.filter((value) => detect(value) !== undefined).length / samples.length
}

test('a detector is total on any bytes, and its evidence fits into a log line', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      for (const [, detect] of detectors) assert.ok((detect(bytesOf(bytes))?.evidence.length ?? 0) <= 100)
    }),
    { numRuns: 300 },
  )
})

const signs = [
  ...'\'"`<>()[]{}=;|&$#%/\\*-+.,:!?@~^ \n\0\xa0\xc3'.split(''),
  '--',
  '/*',
  '*/',
  '<!--',
  '<a ',
  '${',
  '{{',
  '../',
  'or',
  ' union ',
  'select ',
  'on',
  'x=',
  '1',
  "'a'",
]

test('a detector is total on any mixture of the signs and words of attacks', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...signs), { maxLength: 60 }), (parts) => {
      for (const [, detect] of detectors) detect(parts.join('') as ByteString)
    }),
    { numRuns: 500 },
  )
})
