import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { LineMap } from './line-map.ts'
import { parseJson } from './parse-json.ts'

test('every JSON text is read as the language reads it', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(3), (text, indent) => {
      const spaced = JSON.stringify(JSON.parse(text), null, indent)
      const { value, mistakes } = parseJson(spaced)
      assert.deepEqual(value, JSON.parse(spaced))
      assert.deepEqual(mistakes, [])
    }),
  )
})

test('a text that the language refuses is refused', () => {
  const letters = fc.string({
    unit: fc.constantFrom(...'{}[]",:0123.-+eEtruefalsn \\u\n\t'.split('')),
    maxLength: 12,
  })
  fc.assert(
    fc.property(letters, (text) => {
      assert.equal(parseJson(text).mistakes.length === 0, isJson(text), text)
    }),
    { numRuns: 3000 },
  )
})

test('a key that stands twice is a mistake at the second, however it is escaped', () => {
  const { mistakes } = parseJson('{"a": 1, "\\u0061": 2}')
  assert.deepEqual(
    mistakes.map(({ code, offset }) => [code, offset]),
    [['duplicate-key', 9]],
  )
})

test('the position of a value is that of its key, or of the nearest thing that is there', () => {
  const text = '{\n  "a": [1,\n    {"b/c": 2}]\n}'
  const { index } = parseJson(text)
  const lines = new LineMap(text)
  const placeOf = (...tokens: string[]) => Object.values(lines.at(index.find(tokens))).join(':')
  assert.equal(placeOf(), '1:1')
  assert.equal(placeOf('a'), '2:3')
  assert.equal(placeOf('a', '0'), '2:9')
  assert.equal(placeOf('a', '1', 'b/c'), '3:6')
  assert.equal(placeOf('a', '1', 'missing', 'deeper'), '3:5')
})

test('deep nesting is a mistake, not an exhausted stack', () => {
  const { value, mistakes } = parseJson('['.repeat(100_000))
  assert.equal(value, undefined)
  assert.match(mistakes[0]?.message ?? '', /deeper than 256/)
})

test('__proto__ is a member like any other', () => {
  const { value } = parseJson('{"__proto__": {"admin": true}}')
  assert.equal(Object.getPrototypeOf(value), Object.prototype)
  assert.ok(Object.hasOwn(value as object, '__proto__'))
})

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    // The language lets keys stand twice; here that is a mistake.
    return JSON.stringify(value).length === JSON.stringify(JSON.parse(text)).length && !hasTwins(text)
  } catch {
    return false
  }
}

function hasTwins(text: string): boolean {
  const keys = text.match(/"[^"]*"\s*:/g) ?? []
  return new Set(keys.map((key) => JSON.parse(key.replace(/\s*:$/, '')) as string)).size < keys.length
}
