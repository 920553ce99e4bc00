import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import * as fc from 'fast-check'
import { parseRules } from '../1-parse/parse-rules.ts'
import type { ByteString } from '../language/bytes.ts'
import { BoundedRegExp } from './bounded-regexp.ts'
import type { CompiledRegex } from './compile-regex.ts'
import { compileRegex } from './compile-regex.ts'
import { expressions, values } from './testing.ts'
import { valueFacts } from './value-facts.ts'

setFlagsFromString('--enable-experimental-regexp-engine')

function compile(source: string): CompiledRegex {
  const compiled = compileRegex(source)
  assert.ok(compiled.kind === 'regex', `${source}: ${compiled.kind === 'mistake' ? compiled.message : ''}`)
  return compiled
}

function find(source: string, value: string): string | undefined {
  const { regexp, prefilter } = compile(source)
  const found = regexp.exec(value)?.[0]
  assert.equal(regexp.test(value), found !== undefined)
  const admitted = prefilter.admits(valueFacts(value as ByteString))
  assert.ok(admitted || found === undefined, `the prefilter of ${source} refused ${JSON.stringify(value)}`)
  return found
}

test('hundreds of optional parts are walked wherever a request comes by, and more are refused when they are loaded', () => {
  const belowCalls = (calls: number, act: () => void): number => {
    if (calls === 0) act()
    else return belowCalls(calls - 1, act) + 1
    return 0
  }
  for (const most of [600, 1_000]) {
    const { regexp } = compile(`(?:a[^ ]{0,${most}}(b)|c(?:[^ ]|zz){0,${most}}d)`)
    const value = `a${'x'.repeat(500)}b`
    belowCalls(400, () => {
      assert.equal(regexp.test(value), true)
      assert.equal(regexp.exec(value)?.[0], value)
      assert.equal(regexp.test(`c${'z'.repeat(2 * most + 1)}`), false)
    })
  }
  for (const source of ['a[^ ]{0,1500}b|c[^ ]{0,1500}d', 'a[^ ]{3,1004}b', '(?:[^ ]{0,1200}?b)+']) {
    assert.equal(compileRegex(source).kind, 'mistake', source)
  }
})

test('an expression means what PCRE means by it, on bytes', () => {
  const cases: ReadonlyArray<readonly [source: string, value: string, found: string | undefined]> = [
    ['(?i)select', 'SeLeCt', 'SeLeCt'],
    ['(?i)\\xe9', '\xc9', undefined],
    ['a(?i)b|c', 'C', 'C'],
    ['a(?i:b)c', 'aBc', 'aBc'],
    ['a(?i:b)c', 'aBC', undefined],
    ['(?i)[^a]', 'A', undefined],
    ['(?-s).', '\n', undefined],
    ['.', '\n', '\n'],
    ['^b', 'a\nb', undefined],
    ['(?m)^b', 'a\nb', 'b'],
    ['a$', 'a\nb', undefined],
    ['(?m)a$', 'a\nb', 'a'],
    ['a$', 'a\n', undefined],
    ['a\\Z', 'a\n', 'a\n'],
    ['\\Aa\\z', 'a', 'a'],
    ['\\x{bc}[\\x7f-\\x{ff}]', '\xbc\xe9', '\xbc\xe9'],
    ['\\x5c\\x', '\\\0', '\\\0'],
    ['\\s', '\xa0', undefined],
    ['[\\s]', '\v', '\v'],
    ['\\h', '\xa0', '\xa0'],
    ['\\v', '\x85', '\x85'],
    ['a\\Rb', 'a\r\nb', 'a\r\nb'],
    ['[[:alpha:][:^print:]]+', 'aZ\x01', 'aZ\x01'],
    ['[]a]+', ']a', ']a'],
    ['[^]a]', 'b', 'b'],
    ['[a-\\d]+', 'a-5', 'a-5'],
    ['[\\b]', '\b', '\b'],
    ['a{,2}', 'a{,2}', 'a{,2}'],
    ['a{2', 'a{2', 'a{2'],
    ['\\Qa.b\\E+', 'a.ba.b', 'a.ba.b'],
    ['\\07\\101\\o{102}', '\x07AB', '\x07AB'],
    ['(?x) a b # c\n c', 'abc', 'abc'],
    ['(?#why)a', 'a', 'a'],
    ['(?<n>a|b)\\k<n>', 'abb', 'bb'],
    ['(a)\\1', 'aa', 'aa'],
    ['(?i)(a)\\1', 'aA', 'aA'],
    ['<\\?(?!xml)', '<?xml', undefined],
    ['<\\?(?!xml)', '<?php', '<?'],
    ['^(?:5|4(?!04))', '404', undefined],
    ['a(?=b)', 'ab', 'a'],
    ['(?<!a)b', 'abb', 'b'],
    ['(?<=ab|c)d(?=e)', 'abde', 'd'],
    ['(?>a+)a', 'aaa', undefined],
    ['a++b', 'aab', 'aab'],
    ['a*+ab', 'aab', undefined],
    ['a{3}', 'aaaa', 'aaa'],
    ['a{2,40}', 'a'.repeat(50), 'a'.repeat(40)],
    ['^a{0,20}?b', `${'a'.repeat(20)}b`, `${'a'.repeat(20)}b`],
    ['^a{20,}$', 'a'.repeat(19), undefined],
    ['(?:)', '', ''],
    ['x*', 'aaa', ''],
  ]
  for (const [source, value, found] of cases) assert.equal(find(source, value), found, source)
})

test('groups capture, also behind counts', () => {
  assert.deepEqual([...(compile('(a|b){2,3}(c)?').regexp.exec('aab') ?? [])], ['aab', 'b', undefined])
  assert.deepEqual([...(compile('(\\w+)=(?!\\1)(\\w+)').regexp.exec('1=2') ?? [])], ['1=2', '1', '2'])
  assert.equal(compile('(a)(?:b)(?<c>d)').captures, 2)
})

test('what cannot be meant is a mistake with its place', () => {
  const cases: ReadonlyArray<readonly [string, number]> = [
    ['a(b', 1],
    ['a)', 1],
    ['*a', 0],
    ['[a', 0],
    ['[z-a]', 1],
    ['a{3,2}', 0],
    ['a{99999}', 1],
    ['\\', 0],
    ['\\y', 0],
    ['\\x{100}', 0],
    ['[[:alfa:]]', 1],
    ['(?R)', 0],
    ['(*FAIL)', 0],
    ['\\2(a)', 0],
    ['(?:a{5000}){5000}', 0],
    ['('.repeat(300), 200],
    ['(?<=a+)b(?=c)', 0],
  ]
  for (const [source, offset] of cases) {
    const compiled = compileRegex(source)
    assert.ok(compiled.kind === 'mistake', source)
    assert.equal(compiled.offset, offset, source)
    assert.ok(compiled.message.length > 0 && compiled.fix.length > 0)
  }
})

test('no expression is exponential or overflows the stack', () => {
  const long = 'a'.repeat(20_000)
  for (const source of [
    '(?:a+)+$b',
    '(?:a|a)*b',
    '(?=(?:a+)+$)b',
    '(?:(?:a?)*)*(?=b)c',
    '(?>(?:a|aa)+)(?!a)b',
    '(a*)*\\1b',
  ]) {
    assert.equal(compile(source).regexp.test(`${long}!`), false, source)
  }
  const spaces = compile(
    '(?i:[\\s\'"`()]*?\\b([\\d\\w]+)\\b[\\s\'"`()]*?(?:<(?!\\b\\1\\b)[\\d\\w]+|=\\1))',
  ).regexp
  assert.ok(spaces instanceof BoundedRegExp)
  assert.equal(spaces.test(' '.repeat(20_000)), false)
  assert.equal(spaces.exhausted, false)
})

test('many optional parts in a row are never given to V8, whose compiler takes exponential time', () => {
  const text = 'a'.repeat(51)
  for (const optional of ['(?:a|b)?', 'a?', '(?:a|b|)', '(a?)', 'a*(?:b?)', '(?:a?b?c?)']) {
    const { regexp } = compile(`${optional.repeat(32)}${'a'.repeat(20)}$`)
    assert.ok(regexp instanceof BoundedRegExp, optional)
    assert.equal(regexp.test(text), true)
    assert.equal(regexp.test(`${text}!`), false)
    assert.equal(regexp.exhausted, false)
  }
  assert.ok(!(compile(`(?:a?b){32}`).regexp instanceof BoundedRegExp))
})

test('a match that is given up at a limit says so', () => {
  const { regexp } = compile('(a+)+\\1b')
  assert.ok(regexp instanceof BoundedRegExp)
  assert.equal(regexp.test(`${'a'.repeat(5_000)}xb`), false)
  assert.equal(regexp.exhausted, true)
  assert.equal(regexp.test('a'.repeat(5_000)), false)
  assert.equal(regexp.exhausted, false)
  assert.equal(regexp.test('aab'), true)
  assert.equal(regexp.exhausted, false)
})

test('any text is an expression or a mistake, never an exception', () => {
  const token = fc.constantFrom(
    ...'()[]{}*+?|^$.\\,-:=!<>ixabz019'.split(''),
    '(?',
    '\\x',
    '[:',
    '{2,3}',
    '(?<',
    '\\Q',
    '\xff',
  )
  fc.assert(
    fc.property(
      fc.array(token, { maxLength: 24 }).map((tokens) => tokens.join('')),
      fc.string(),
      (source, value) => {
        const compiled = compileRegex(source)
        if (compiled.kind === 'mistake') assert.ok(compiled.offset >= 0 && compiled.offset <= source.length)
        else assert.equal(typeof compiled.regexp.test(value), 'boolean')
      },
    ),
    { numRuns: 2000 },
  )
})

test('where the prefilter says no, the expression says no', () => {
  fc.assert(
    fc.property(expressions, fc.array(values, { minLength: 8, maxLength: 8 }), (source, texts) => {
      const compiled = compile(source)
      for (const one of [...texts, texts.join('').padEnd(200) as ByteString]) {
        if (compiled.prefilter.admits(valueFacts(one))) continue
        assert.equal(compiled.regexp.test(one), false, JSON.stringify([source, one]))
      }
    }),
    { numRuns: 2000 },
  )
})

test('both engines find the same, so that a lookahead changes nothing but itself', () => {
  fc.assert(
    fc.property(expressions, values, (source, text) => {
      const plain = compile(source).regexp
      const bounded = compile(`${source}(?=)`).regexp
      assert.ok(bounded instanceof BoundedRegExp)
      assert.equal(bounded.exec(text)?.index, plain.exec(text)?.index, JSON.stringify([source, text]))
    }),
    { numRuns: 2000 },
  )
})

/** V8 refuses the flag where its linear engine could not run the expression. */
function isLinear(regexp: RegExp): boolean {
  const linearOnly = 'l'
  return new RegExp(regexp.source, linearOnly).source === regexp.source
}

const coreRuleSet = '/usr/share/modsecurity-crs/rules'

test(
  'every expression of the Core Rule Set compiles, nearly all for the linear engine',
  { skip: !existsSync(coreRuleSet) && `${coreRuleSet} is not there (Debian's package modsecurity-crs)` },
  () => {
    let bounded = 0
    for (const file of globSync(`${coreRuleSet}/*.conf`)) {
      const { statements, diagnostics } = parseRules(readFileSync(file, 'latin1'), file)
      assert.deepEqual(diagnostics, [])
      for (const statement of statements) {
        if (statement.kind !== 'rule' || statement.operator.name !== 'rx') continue
        const { regexp } = compile(statement.operator.argument)
        if (regexp instanceof BoundedRegExp) bounded++
        else assert.ok(isLinear(regexp))
      }
    }
    assert.ok(bounded <= 4, `${bounded} expressions need the bounded engine`)
  },
)

test('what is to come exactly once has to come, whatever decides', () => {
  for (const engine of ['fastest', 'bounded'] as const) {
    const compiled = compileRegex('xb{1}', engine)
    assert.ok(compiled.kind === 'regex')
    for (const x of ['x', 'x'.repeat(300)]) {
      assert.equal(compiled.regexp.test(x), false)
      assert.equal(compiled.regexp.test(`${x}b`), true)
    }
  }
})
