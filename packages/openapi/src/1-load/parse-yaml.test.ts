import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { stringify } from 'yaml'
import { parseYaml } from './parse-yaml.ts'

test('what YAML writes is read back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: true }), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value))
      assert.deepEqual(parseYaml(stringify(plain, { aliasDuplicateObjects: false })).value, plain)
    }),
    { numRuns: 60 },
  )
})

test('keys are texts, as in JSON', () => {
  assert.deepEqual(parseYaml('200: a\ntrue: b\nnull: c').value, { 200: 'a', true: 'b', null: 'c' })
})

test('a merge key brings what the map does not say itself, the first map first', () => {
  const text = 'x: &x { a: 1, b: 1 }\ny: &y { a: 2, c: 2 }\nz: { b: 3, <<: [*x, *y] }'
  assert.deepEqual((parseYaml(text).value as { z: unknown }).z, { b: 3, a: 1, c: 2 })
})

test('an alias is a copy, so that what changes one place leaves the other', () => {
  const value = parseYaml('a: &a { b: 1 }\nc: *a').value as { a: object; c: object }
  assert.deepEqual(value.a, value.c)
  assert.notEqual(value.a, value.c)
})

test('an alias means the last anchor before it', () => {
  const text = 'a: &n 1\nb: &m [*n]\nc: &n 2\nd: *m\ne: *n'
  assert.deepEqual(parseYaml(text).value, { a: 1, b: [1], c: 2, d: [1], e: 2 })
})

const bombs: Readonly<Record<string, readonly [code: string, text: string]>> = {
  'a billion laughs': ['alias-bomb', laughs(9)],
  'one large list repeated': ['alias-bomb', `a: &a [${'1,'.repeat(2000)}]\nb: [${'*a,'.repeat(2000)}]`],
  'a billion merges': ['alias-bomb', merges()],
  'an alias in its own anchor': ['circular-alias', 'a: &a [1, *a]'],
  'a map merged into itself': ['circular-alias', 'a: &a { <<: *a }'],
  'an alias of nothing': ['unknown-alias', 'a: *b'],
  'a key that stands twice': ['duplicate-key', 'a: 1\na: 2'],
  'brackets without end': ['syntax', '['.repeat(100_000)],
  'deep nesting': ['syntax', `${'['.repeat(300)}${']'.repeat(300)}`],
  'two documents': ['syntax', 'a: 1\n---\nb: 2'],
  'tabs as indentation': ['syntax', 'a:\n\tb: 1'],
}

for (const [name, [code, text]] of Object.entries(bombs)) {
  test(`${name} is a mistake: ${code}`, () => {
    const { value, mistakes } = parseYaml(text)
    assert.equal(value, undefined)
    assert.equal(mistakes[0]?.code, code)
  })
}

function laughs(levels: number): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level <= levels; level++) {
    lines.push(`a${level}: &a${level} [${`*a${level - 1},`.repeat(10)}]`)
  }
  return lines.join('\n')
}

function merges(): string {
  const members = Array.from({ length: 300 }, (_, number) => `k${number}: 1`).join(', ')
  const uses = Array.from({ length: 500 }, (_, number) => `u${number}: { <<: *m }`).join('\n')
  return `m: &m { ${members} }\n${uses}`
}
