import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readFormBody } from './form-body.ts'

function read(text: string, maxFields = 100) {
  return readFormBody(Buffer.from(text), maxFields)
}

test('whatever URLSearchParams writes is read back', () => {
  const field = fc.tuple(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))
  fc.assert(
    fc.property(fc.array(field, { minLength: 1, maxLength: 20 }), (fields) => {
      const reading = read(new URLSearchParams(fields).toString())
      if (reading.kind === 'fields') assert.deepEqual(reading.fields, fields)
      else assert.match(reading.reason, /prototype/)
    }),
  )
})

test('a name may come twice, and may lack a value', () => {
  assert.deepEqual(read('a=1&a=2&b&c='), {
    kind: 'fields',
    fields: [
      ['a', '1'],
      ['a', '2'],
      ['b', ''],
      ['c', ''],
    ],
  })
})

const refused: readonly (readonly [text: string, reason: RegExp])[] = [
  ['', /without a name/],
  ['=1', /without a name/],
  ['a=1&', /empty piece/],
  ['&a=1', /without a name/],
  ['a=1&&b=2', /without a name/],
  ['a=%', /percent/],
  ['a=%4', /percent/],
  ['a=%zz', /percent/],
  ['a=%ff', /percent/],
  ['a=%c0%af', /percent/],
  ['a=%ed%a0%80', /percent/],
  ['a=%u0041', /percent/],
  ['a=1;b=2', /escaped at byte 3/],
  ['a=ü', /escaped/],
  ['a=1\n', /escaped/],
  ['a=\u0000', /escaped/],
  ['a b=1', /escaped/],
  ['__proto__=1', /prototype/],
  ['__proto__[admin]=1', /prototype/],
  ['a[__proto__][x]=1', /prototype/],
  ['%5f_proto__.x=1', /prototype/],
  ['constructor[prototype][x]=1', /prototype/],
  ['constructor.prototype.x=1', /prototype/],
]
for (const [text, reason] of refused) {
  test(`a form with two readings is refused: ${JSON.stringify(text)}`, () => {
    const reading = read(text)
    assert.equal(reading.kind, 'refused')
    if (reading.kind === 'refused') assert.match(reading.reason, reason)
  })
}

test('one field more than allowed is refused, without reading the rest', () => {
  assert.equal(read('a=1&b=2', 2).kind, 'fields')
  assert.deepEqual(read('a=1&b=2&c=3', 2), { kind: 'refused', reason: 'more than 2 fields' })
  assert.equal(read('a&'.repeat(500_000), 1_000).kind, 'refused')
})
