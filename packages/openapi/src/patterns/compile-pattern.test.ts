import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import * as fc from 'fast-check'
import { compilePattern } from './compile-pattern.ts'

/** Patterns that have stopped real services, with a text that makes a backtracking engine try everything. */
const evil: readonly (readonly [pattern: string, text: string])[] = [
  ['^(a+)+$', `${'a'.repeat(100_000)}!`],
  ['^(a|a)*$', `${'a'.repeat(50_000)}!`],
  ['^(a|aa)+$', `${'a'.repeat(50_000)}!`],
  ['^([a-z]+)*@x$', 'a'.repeat(50_000)],
  ['(x+x+)+y', 'x'.repeat(50_000)],
  ['^((ab)*)+$', `${'ab'.repeat(25_000)}!`],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(50_000)],
  ['^(\\w+\\s?)*$', `${'word '.repeat(10_000)}!`],
  ['^(?:a|b|ab)*c$', 'ab'.repeat(25_000)],
  ['(.+)+x', 'a'.repeat(50_000)],
  ['^(a*)*b', 'a'.repeat(50_000)],
  ['^(.*)*$', `${'a'.repeat(50_000)}\n`],
  ['^(a{1,30}){1,30}$', `${'a'.repeat(2000)}!`],
  ['^(?=(a+)+$)x', `${'a'.repeat(50_000)}!`],
  [
    '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$',
    'a'.repeat(50_000),
  ],
]

/** Patterns whose cost on a backtracking engine is a power of the text's length, or a large constant. */
const slow: readonly (readonly [pattern: string, text: string])[] = [
  ['[a-z]+$', `${'a'.repeat(200_000)}!`],
  ['^\\s*(.*?)\\s*$', `${' '.repeat(100_000)}x\ny`],
  ['.*.*=.*', 'a'.repeat(100_000)],
  ['^\\d+\\d+\\d+\\d+$', `${'1'.repeat(100_000)}!`],
  ['^[^@]+@[^@]+\\.[^@]+$', `a@${'.'.repeat(100_000)}@`],
  ['^(a?){30}a{30}$', 'a'.repeat(29)],
  [
    '^(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)b$',
    'a'.repeat(27),
  ],
  ['^(|){30}x$', 'y'],
  ['^(?=.*\\d)(?=.*[a-z])(?=.*[A-Z]).{8,}$', 'a'.repeat(200_000)],
  ['^(?:(?!-)[a-z0-9-]{1,63}(?<!-)\\.)+[a-z]{2,}$', 'a-'.repeat(50_000)],
]

describe('patterns', () => {
  for (const [pattern] of evil) {
    test(`${pattern} is told to be catastrophic elsewhere, and runs in linear time`, () => {
      const { advice } = compilePattern(pattern)
      assert.equal(advice?.code, 'catastrophic-pattern')
      assert.equal(advice?.severity, 'warning')
      assert.ok(advice?.message.includes(pattern.slice(0, 60)))
      assert.match(advice?.message ?? '', /; here it runs in linear time$/)
    })
  }

  test('no pattern stops the process, whatever the text', async () => {
    assert.deepEqual(
      await runApart([...evil, ...slow]),
      [...evil, ...slow].map(() => false),
    )
  })

  const simpler = [
    ['^(a+)+$', '^a+$'],
    ['^(a*)*b', '^a*b'],
    ['^(a|b|[c-e])*$', undefined],
    ['^([a-z]+)*@x$', '^[a-z]*@x$'],
    ['^((ab)*)+$', '^(ab)*$'],
    ['(x+x+)+y', 'x{2,}y'],
    ['^(a|a)*$', '^a*$'],
    ['^(?=(a+)+$)x', '^(?=a+$)x'],
    ['^(a+)+(?=b.*c)b', '^a+(?=b.*c)b'],
  ] as const
  for (const [pattern, better] of simpler) {
    test(`${pattern} is ${better === undefined ? 'fine as it is' : `to be written ${better}`}`, () => {
      const { advice } = compilePattern(pattern)
      assert.equal(advice?.fix, better === undefined ? undefined : `write ${better}`)
      assert.notEqual(compilePattern(better ?? pattern).advice?.severity, 'error')
    })
  }

  test('a pattern that no rewriting makes loadable is told what keeps it from being loaded', () => {
    assert.match(compilePattern('^(a+)+\\1$').advice?.fix ?? '', /without backreferences/)
  })

  for (const pattern of ['[a-z]+$', '^\\d+\\d+$', '.*.*=.*', '^[^@]+@[^@]+\\.[^@]+$']) {
    test(`${pattern} is told to be slow by backtracking, and runs`, () => {
      const { advice } = compilePattern(pattern)
      assert.equal(advice?.code, 'slow-pattern')
      assert.equal(advice?.severity, 'warning')
    })
  }

  const harmless = [
    '',
    '^[a-zA-Z0-9_]+$',
    '^[a-z0-9]+(?:-[a-z0-9]+)*$',
    '[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*',
    '[^b]a$',
    '^\\p{L}+(?:-\\p{L}+)*$',
    '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
    '^([0-9a-fA-F]{40}(?:[0-9a-fA-F]{24})?)$',
    '^(?!\\s*$).+',
    '^(ab|ac)*$',
    '^.{0,5000}$',
    '^[\\w\\-\\_]+$',
  ]
  for (const pattern of harmless) {
    test(`${pattern || 'the empty pattern'} is accepted without advice`, () => {
      assert.equal(compilePattern(pattern).advice, undefined)
    })
  }

  const refused = [
    ['[', 'invalid-pattern'],
    ['(?i)abc', 'invalid-pattern'],
    ['^(.*)\\1$', 'unsafe-pattern'],
    ['a(?=b)c*', 'unsafe-pattern'],
    ['^(a+)+(?=b.*c)b', 'catastrophic-pattern'],
    ['^(a+)+\\1$', 'catastrophic-pattern'],
    ['('.repeat(101) + ')'.repeat(101), 'unsafe-pattern'],
    ['a'.repeat(9000), 'unsafe-pattern'],
  ] as const
  for (const [pattern, code] of refused) {
    test(`${pattern.slice(0, 20)} is refused as ${code} and matches nothing`, () => {
      const { advice, test: matches } = compilePattern(pattern)
      assert.equal(advice?.code, code)
      assert.equal(advice?.severity, 'error')
      assert.equal(matches('aaaa'), false)
    })
  }
})

describe('compiled patterns and the platform', () => {
  const letters = fc.string({
    unit: fc.constantFrom('a', 'b', 'A', '1', '-', '.', ' ', '\n', 'é', '😀', '\u2028'),
    maxLength: 12,
  })

  const hand = [
    '^[^a]$',
    '^.+$',
    '^\\s*a',
    'a\\b',
    '\\Ba',
    '^\\W+$',
    '^(?!.*-)[ab-]+$',
    '(?<!a)b',
    '^a(?=b)[ab]+$',
    '^[\\w.-]+$',
    '^(?:a|)b*$',
    '^\\p{Lu}',
    '^[\\s\\S]*$',
    '^a{2,3}b{0,2}',
    '^(?!-)[ab-]{1,3}(?<!-)$',
    '^(?=.*1)(?=.*a)[a1-]*$',
    '\\u{1F600}',
    '\\ud83d\\ude00',
    '^[😀-😂]+$',
  ]
  for (const pattern of hand) {
    test(`agree on ${pattern}`, () => {
      const { test: matches, advice } = compilePattern(pattern)
      assert.notEqual(advice?.severity, 'error')
      const expected = new RegExp(pattern, 'u')
      fc.assert(fc.property(letters, (text) => assert.equal(matches(text), expected.test(text))))
    })
  }

  test('agree on patterns made at random', () => {
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('a', 'b', '[ab]', '[^a]', '.', '\\w', '\\s', '-', '^', '$', '\\b', ''),
        fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `${left}${right}`),
        fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `(${left}|${right})`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '*?'))
          .map(([body, bounds]) => `(?:${body})${bounds}`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('?=', '?!', '?<!', '?<='))
          .map(([body, look]) => `(${look}${body})`),
      ),
    }))
    fc.assert(
      fc.property(pattern, letters, (source, text) => {
        const { test: matches, advice } = compilePattern(source)
        fc.pre(advice?.severity !== 'error')
        // The flag `v` reads these patterns as `u` does, without V8's mistake at `$` behind wide characters.
        assert.equal(matches(text), new RegExp(source, 'v').test(text))
      }),
      { numRuns: 2000 },
    )
  })

  test('no text of random characters makes the compiler throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (source) => {
        assert.equal(typeof compilePattern(source).test('text'), 'boolean')
      }),
    )
  })
})

/** Runs patterns in a thread of their own, so that a hang ends in a failure instead of stopping the tests. */
async function runApart(cases: readonly (readonly [string, string])[]): Promise<unknown> {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads')
    import(workerData.module).then(({ compilePattern }) =>
      parentPort.postMessage(workerData.cases.map(([pattern, text]) => compilePattern(pattern).test(text))))`
  const module = new URL('./compile-pattern.ts', import.meta.url).href
  const worker = new Worker(code, { eval: true, workerData: { module, cases } })
  const guard = setTimeout(() => void worker.terminate(), 60_000)
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('a pattern ran for a minute')))
    })
  } finally {
    clearTimeout(guard)
    await worker.terminate()
  }
}
