import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readExactly, toPlainNumber, writeExactly } from './exact-json.ts'

test('a text whose numbers all doubles write alike is not read a second time', () => {
  for (const text of ['{}', '[1,2.5,-3]', '{"date":"2026-01-01","n":123456789012345}'])
    assert.equal(readExactly(Buffer.from(text)), undefined)
})

test('what is written has every digit of what was read', () => {
  const digits = fc.stringMatching(/^-?[1-9][0-9]{0,30}(?:\.[0-9]{1,20})?(?:e[+-]?[0-9]{1,2})?$/)
  fc.assert(
    fc.property(fc.array(digits, { maxLength: 5 }), (numbers) => {
      const text = `{"long":1234567890123456789,"list":[${numbers.join(',')}]}`
      const written = writeExactly(JSON.parse(text), Buffer.from(text))?.toString()
      assert.equal(written, text)
    }),
  )
})

test('what was taken away stays away', () => {
  const original = Buffer.from('{"a":{"id":1234567890123456789,"x":1},"b":[{"y":2,"id":2e5}],"__proto__":3}')
  const left = { a: { id: Number('1234567890123456789') }, b: [{ id: 200_000 }] }
  assert.equal(writeExactly(left, original)?.toString(), '{"a":{"id":1234567890123456789},"b":[{"id":2e5}]}')
})

test('a raw number is the double that everybody reads', () => {
  const [long] = readExactly(Buffer.from('[9007199254740993]')) as readonly unknown[]
  assert.equal(toPlainNumber(long), 2 ** 53)
  assert.equal(toPlainNumber('7'), '7')
})
