import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { compileMixedSegment, matchMixedSegment } from './mixed-segment.ts'
import { readTemplate, type TemplateSegment } from './path-template.ts'
import { PathTrie } from './path-trie.ts'

function segmentsOf(template: string): readonly TemplateSegment[] {
  const reading = readTemplate(template)
  assert.equal(reading.kind, 'template', template)
  return reading.kind === 'template' ? reading.segments : []
}

function trieOf(templates: readonly string[]): PathTrie<string> {
  const trie = new PathTrie<string>()
  for (const template of templates) trie.enter(segmentsOf(template), () => template)
  return trie
}

function find(trie: PathTrie<string>, path: string): [string, ...string[]] | undefined {
  const values: string[] = []
  const found = trie.find(path, 0, values)
  return found === undefined ? undefined : [found, ...values]
}

const templates = [
  '/',
  '/orders',
  '/orders/{id}',
  '/orders/latest',
  '/orders/{id}/items/{item}',
  '/files/{name}.json',
  '/files/{name}.tar.gz',
  '/files/{name}',
  '/between/{from}-{to}',
  '/v{major}.{minor}/status',
  '/a/{x}/c',
  '/{y}/b/d',
  '/café/{x}',
  '/tilde%7e/{x}',
]

const matches: readonly (readonly [path: string, expected: readonly string[] | undefined])[] = [
  ['/', ['/']],
  ['/orders', ['/orders']],
  ['/orders/', undefined],
  ['/Orders', undefined],
  ['/orders/7', ['/orders/{id}', '7']],
  ['/orders/latest', ['/orders/latest']],
  ['/orders/7/items/%2E', ['/orders/{id}/items/{item}', '7', '%2E']],
  ['/orders/7/items', undefined],
  ['/orders/7/items/', undefined],
  ['/files/a.json', ['/files/{name}.json', 'a']],
  ['/files/.json', ['/files/{name}', '.json']],
  ['/files/a.json.json', ['/files/{name}.json', 'a.json']],
  ['/files/a.tar.gz', ['/files/{name}.tar.gz', 'a']],
  ['/files/a.txt', ['/files/{name}', 'a.txt']],
  ['/between/1-2', ['/between/{from}-{to}', '1', '2']],
  ['/between/1-2-3', ['/between/{from}-{to}', '1', '2-3']],
  ['/between/--', undefined],
  ['/between/---', ['/between/{from}-{to}', '-', '-']],
  ['/between/-', undefined],
  ['/v1.2/status', ['/v{major}.{minor}/status', '1', '2']],
  ['/v1./status', undefined],
  ['/a/b/c', ['/a/{x}/c', 'b']],
  ['/a/b/d', ['/{y}/b/d', 'a']],
  ['/caf%C3%A9/1', ['/café/{x}', '1']],
  ['/tilde~/1', ['/tilde%7e/{x}', '1']],
  ['', undefined],
]

for (const [path, expected] of matches) {
  test(`${path || 'the empty path'} matches ${expected?.[0] ?? 'nothing'}`, () => {
    assert.deepEqual(find(trieOf(templates), path), expected)
  })
}

for (const template of ['orders', '/a//b', '/{a}{b}', '/a/{b', '/a}/b', '/{}', '/a/../b', '/./a']) {
  test(`the template ${template} is a mistake`, () => {
    assert.equal(readTemplate(template).kind, 'mistake')
  })
}

test('a literal is never found inside a percent-escape', () => {
  const values: string[] = []
  assert.equal(matchMixedSegment(compileMixedSegment(['', '2', '']), 'a%2Cb', values), false)
  assert.equal(matchMixedSegment(compileMixedSegment(['', 'C']), 'a%2C', values), false)
  assert.equal(matchMixedSegment(compileMixedSegment(['', '2', '']), 'a%2C2b', values), true)
  assert.deepEqual(values, ['a%2C', 'b'])
})

const piece = fc.constantFrom('a', 'b', '-', '_', '%2C')
const text = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(''))
const segment = fc.oneof(
  text,
  fc.constant('{v}'),
  fc.tuple(fc.option(text), fc.option(text)).map(([before, after]) => `${before ?? ''}{v}${after ?? ''}`),
  fc.tuple(text, fc.option(text)).map(([between, after]) => `{v}${between}{w}${after ?? ''}`),
)
const template = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join('/')}`)
const path = fc
  .array(
    fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
    { minLength: 1, maxLength: 3 },
  )
  .map((segments) => `/${segments.join('/')}`)

/** All templates that fit, by trying every way to cut every segment; units keep escapes whole. */
function fits(candidate: string, actual: string): boolean {
  const units = (value: string): readonly string[] => value.match(/\{[^}]*\}|%[0-9A-F]{2}|./g) ?? []
  const wanted = units(candidate)
  const given = units(actual)
  const fit = (at: number, from: number): boolean => {
    const unit = wanted[at]
    if (unit === undefined) return from === given.length
    if (!unit.startsWith('{')) return given[from] === unit && fit(at + 1, from + 1)
    for (let to = from + 1; to <= given.length && given[to - 1] !== '/'; to++)
      if (fit(at + 1, to)) return true
    return false
  }
  return fit(0, 0)
}

test('the tree finds a template exactly where trying everything finds one, and its values rebuild the path', () => {
  fc.assert(
    fc.property(fc.array(template, { minLength: 1, maxLength: 6 }), path, (candidates, actual) => {
      const found = find(trieOf(candidates), actual)
      assert.equal(
        found !== undefined,
        candidates.some((candidate) => fits(candidate, actual)),
      )
      if (found === undefined) return
      const [matched, ...values] = found
      assert.ok(values.every((value) => value !== '' && !value.includes('/')))
      assert.equal(
        matched.replace(/\{[^}]*\}/g, () => values.shift() ?? '?'),
        actual,
      )
    }),
    { numRuns: 2_000 },
  )
})

test('text goes before variables, whatever order the templates come in', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(['/x/a', '/x/{v}', '/x/a{v}', '/x/{v}b'], { minLength: 4 }),
      (shuffled) => {
        const trie = trieOf(shuffled)
        assert.deepEqual(find(trie, '/x/a'), ['/x/a'])
        assert.deepEqual(find(trie, '/x/c'), ['/x/{v}', 'c'])
        assert.deepEqual(find(trie, '/x/cb'), ['/x/{v}b', 'c'])
        assert.deepEqual(find(trie, '/x/ac'), ['/x/a{v}', 'c'])
      },
    ),
  )
})
