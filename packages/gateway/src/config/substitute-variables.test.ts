import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readSettingsTree } from './settings-tree.ts'

function read(text: string, env: Record<string, string | undefined> = {}): unknown {
  const { tree, diagnostics } = readSettingsTree(text, 'gateward.yaml', env)
  assert.deepEqual(diagnostics, [])
  return tree?.root
}

const cases: readonly (readonly [text: string, env: Record<string, string>, value: unknown])[] = [
  ['a: ${N}', { N: '8443' }, 8443],
  ['a: "${N}"', { N: '8443' }, '8443'],
  ["a: '${N}'", { N: '8443' }, '8443'],
  ['a: 84${N}', { N: '43' }, 8443],
  ['a: ${N}', { N: 'true' }, true],
  ['a: ${N}', { N: 'yes' }, 'yes'],
  ['a: ${N}', { N: 'null' }, null],
  ['a: ${N}', { N: '' }, ''],
  ['a: ${N:-7}', { N: '' }, 7],
  ['a: ${N:-7}', {}, 7],
  ['a: ${N:-}', {}, ''],
  ['a: ${N:-a:-b}', {}, 'a:-b'],
  ['a: $${N}', { N: 'x' }, '${N}'],
  ['a: $${N}${N}', { N: 'x' }, '${N}x'],
  ['a: $N and $', { N: 'x' }, '$N and $'],
  ['a: |\n  ${N}\n', { N: '1' }, '1\n'],
  ['a: { b: ${N}, c: [${N}, ${M:-x}] }', { N: '1' }, { b: 1, c: [1, 'x'] }],
  ['{"a": "${N}"}', { N: 'x' }, 'x'],
]

for (const [text, env, value] of cases) {
  test(`${JSON.stringify(text)} with ${JSON.stringify(env)} is ${JSON.stringify(value)}`, () => {
    assert.deepEqual(read(text, env), { a: value })
  })
}

test('a value of the environment is one scalar, whatever it holds', () => {
  const attacks = [
    'x\nadmin: open',
    'x, b: 1',
    '}',
    '"',
    "'",
    '&a',
    '*a',
    '!!js x',
    '# x',
    '${HOME}',
    '- x',
    ': ',
    '|',
  ]
  const value = fc.oneof(fc.constantFrom(...attacks), fc.string())
  fc.assert(
    fc.property(value, (text) => {
      assert.deepEqual(read('a: "${N}"\nb: 1\nc: { d: "${N}" }', { N: text }), {
        a: text,
        b: 1,
        c: { d: text },
      })
      const plain = read('a: x${N}\nb: 1', { N: text }) as Record<string, unknown>
      assert.deepEqual(plain, { a: `x${text}`, b: 1 })
    }),
  )
})

test('a substituted value is not substituted again', () => {
  assert.deepEqual(read('a: ${N}', { N: '${M}', M: 'secret' }), { a: '${M}' })
})

test('names that every object inherits are not variables', () => {
  const { diagnostics } = readSettingsTree('a: ${constructor}\nb: ${__proto__}', 'gateward.yaml', {})
  assert.equal(diagnostics.length, 2)
})

test('an anchor is substituted once and its aliases have the same value', () => {
  assert.deepEqual(read('a: &x ${N}\nb: *x', { N: '1' }), { a: 1, b: 1 })
})

test('a bomb of aliases and a tower of brackets are told as mistakes', () => {
  const lines = ['a0: &a0 [x, x]']
  for (let level = 1; level < 30; level++)
    lines.push(`a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`)
  for (const text of [lines.join('\n'), '['.repeat(100_000)]) {
    const { tree, diagnostics } = readSettingsTree(text, 'gateward.yaml', {})
    assert.equal(tree, undefined)
    assert.ok(diagnostics.length > 0)
  }
})

test('any text at all is read or refused, and every refusal has its place', () => {
  const fragment = fc.constantFrom(
    'a: ',
    '${',
    '}',
    '\n',
    ' ',
    '- ',
    '"',
    '[',
    '{',
    '&a',
    '*a',
    '!x',
    ':',
    '%',
    'N',
    '\t',
  )
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 20 }), (fragments) => {
      const { tree, diagnostics } = readSettingsTree(fragments.join(''), 'gateward.yaml', { N: '1' })
      assert.equal(tree === undefined, diagnostics.length > 0)
      assert.ok(diagnostics.every(({ position }) => (position?.line ?? 0) > 0 && (position?.column ?? 0) > 0))
    }),
  )
})
