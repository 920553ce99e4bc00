import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { bytesOf } from '../language/bytes.ts'
import { findTransformation, transformationNames } from './find-transformation.ts'
import { leastLengthBefore } from './least-length.ts'

const sign = fc.constantFrom(...'%+\\&/.*-#<!>x0u41;= \t\r\n\0"\'^,|QUJD\xc3\xa9'.split(''))
const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code))
const text = fc.array(fc.oneof(sign, sign, byte), { maxLength: 40 }).map((parts) => parts.join(''))

test('no form is longer than the value that it is made of allows', () => {
  let known = 0
  for (const name of transformationNames) {
    const transformation = findTransformation(name)
    if (transformation === undefined || leastLengthBefore(transformation, 100) === 0) continue
    known += 1
    const hasRoom = (input: string) => {
      const value = bytesOf(Buffer.from(input, 'latin1'))
      const form = transformation(value)
      assert.ok(
        value.length >= leastLengthBefore(transformation, form.length),
        `${name} of ${JSON.stringify(input)}`,
      )
    }
    for (const input of [
      '/*',
      '/**/',
      '..',
      './',
      'a/..',
      '\\',
      '%',
      '%u',
      '&lt',
      'QQ',
      'QUI',
      '0x',
      '4',
      '41',
    ])
      hasRoom(input)
    fc.assert(fc.property(text, hasRoom), { numRuns: 500 })
  }
  assert.ok(known > 20, `${known} transformations`)
})
