import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ByteString } from '../language/bytes.ts'
import { compileMacro } from '../macros/compile-macro.ts'
import { macroRegex } from './macro-regex.ts'

function ask(source: string, value: string): { found: boolean; gaveUp: boolean } {
  const template = compileMacro('%{tx.pattern}')
  assert.ok(template.kind === 'template')
  const matcher = macroRegex(template)
  const found = matcher.test(value as ByteString, { expand: () => source as ByteString }, undefined)
  return { found, gaveUp: matcher.gaveUp?.() === true }
}

test('an expression that a request brings is not exponential in its optional parts', () => {
  const end = 'a'.repeat(20)
  for (const start of ['a?'.repeat(60), '(?:a|b)?'.repeat(60), '(?:a?){60}']) {
    assert.deepEqual(ask(start + end, 'a'.repeat(11)), { found: false, gaveUp: false }, start)
    assert.deepEqual(ask(start + end, end), { found: true, gaveUp: false }, start)
  }
})

test('an expression that a request brings says where it gave up', () => {
  assert.deepEqual(ask('(a+)+\\1b', `${'a'.repeat(5_000)}xb`), { found: false, gaveUp: true })
})
