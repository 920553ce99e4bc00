import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { ByteString } from '../../language/bytes.ts'
import { LiteralFinder } from './literal-finder.ts'

const text = fc.string({ unit: fc.constantFrom('a', 'B', 'b', '/', '\xff'), minLength: 1, maxLength: 5 })

test('a set is found exactly where one of its literals is in the value, in any letter case', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(text, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
      fc.array(text, { maxLength: 6 }),
      (sets, values) => {
        const finder = new LiteralFinder(sets)
        for (const value of [
          ...values,
          values.join(''),
          `${values.join('.'.repeat(90))}${'.'.repeat(600)}${values.join('')}`,
        ]) {
          finder.find(value as ByteString)
          const lower = value.toLowerCase()
          assert.deepEqual(
            sets.map((_, set) => finder.has(set)),
            sets.map((literals) => literals.some((literal) => lower.includes(literal.toLowerCase()))),
          )
        }
      },
    ),
  )
})
