import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { ByteString } from '../language/bytes.ts'
import { compileMacro, macroVariables } from './compile-macro.ts'
import { expandMacro } from './expand-macro.ts'

test('a text without a macro is a constant', () => {
  for (const text of ['', 'plain', '%', '%{', '%{}', '%{2,3}', '%{tx.score', '{tx.score}', '100%{ tx.a}']) {
    assert.deepEqual(compileMacro(text), { kind: 'constant', value: text })
  }
})

test('a macro is a variable with or without a key, after a dot or a colon', () => {
  const compiled = compileMacro('a %{tx.Score} b %{REQUEST_HEADERS:User-Agent}%{remote_addr} c')
  assert.deepEqual(macroVariables(compiled), [
    { kind: 'variable', variable: 'TX', key: 'Score', lowerKey: 'score' },
    { kind: 'variable', variable: 'REQUEST_HEADERS', key: 'User-Agent', lowerKey: 'user-agent' },
    { kind: 'variable', variable: 'REMOTE_ADDR', key: undefined, lowerKey: undefined },
  ])
  assert.equal(expand('a %{tx.Score} b %{REMOTE_ADDR} c'), 'a [TX Score] b [REMOTE_ADDR] c')
})

test('a percent sign may close a macro, and opens the next one', () => {
  assert.equal(expand('a %{tx.b}% c %{tx.d}%{tx.e}'), 'a [TX b] c [TX d][TX e]')
})

test('the value of a variable is never read as a macro', () => {
  const compiled = compileMacro('%{matched_var}')
  assert.equal(
    expandMacro(compiled, () => '%{tx.secret}' as ByteString),
    '%{tx.secret}',
  )
})

test('an expansion is cut where it would fill the memory', () => {
  const compiled = compileMacro('%{tx.a}'.repeat(100))
  const long = 'x'.repeat(60_000) as ByteString
  assert.equal(expandMacro(compiled, () => long).length, 65_536)
})

test('every text compiles, and without a variable it is itself', () => {
  const piece = fc.constantFrom('%', '{', '}', '%{', '%{tx', '.', ':', 'a', '%{tx.a}', ' ')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('')
      const expanded = expandMacro(compileMacro(text), () => '' as ByteString)
      if (macroVariables(compileMacro(text)).length === 0) assert.equal(expanded, text)
      else assert.ok(expanded.length < text.length)
    }),
  )
})

function expand(text: string): string {
  return expandMacro(compileMacro(text), ({ variable, key }) => {
    return `[${variable}${key === undefined ? '' : ` ${key}`}]` as ByteString
  })
}
