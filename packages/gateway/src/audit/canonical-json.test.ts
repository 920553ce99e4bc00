import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { canonicalJson } from './canonical-json.ts'

test('the example of RFC 8785 section 3.2 has the form that the RFC gives', () => {
  const value = {
    numbers: JSON.parse('[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]') as unknown,
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  }
  assert.equal(
    canonicalJson(value),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
})

test('members are in the order of UTF-16 code units', () => {
  const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, ö: 7 }
  const names = [...canonicalJson(value).matchAll(/:(\d)/g)].map(([, number]) => number)
  assert.deepEqual(names, ['2', '4', '6', '7', '1', '5', '3'])
})

test('what is equal has one form, whatever the order, and reading it gives the same', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = wellFormed(value) ? canonicalJson(value) : undefined
      if (text === undefined) return
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)))
      assert.equal(canonicalJson(JSON.parse(text)), text)
    }),
  )
})

test('what JSON cannot hold is refused', () => {
  for (const value of [Number.NaN, Infinity, '\ud800', { '\udfff': 1 }, () => 1, 1n, Symbol('x')])
    assert.throws(() => canonicalJson(value), TypeError)
})

function wellFormed(value: unknown): boolean {
  return JSON.stringify(value).isWellFormed() && !/\\ud[89a-f]/i.test(JSON.stringify(value))
}
