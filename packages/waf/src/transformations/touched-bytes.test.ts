import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { bytesOf } from '../language/bytes.ts'
import { findTransformation, transformationNames } from './find-transformation.ts'
import { sparingBytes, touchedBytes } from './touched-bytes.ts'

test('a value without the bytes that a transformation touches stays the very same', () => {
  let known = 0
  for (const name of transformationNames) {
    const transformation = findTransformation(name)
    const touched = transformation && touchedBytes(transformation)
    if (transformation === undefined || touched === undefined) continue
    known += 1
    const untouched = Array.from(touched.keys()).filter((byte) => touched[byte] === 0)
    if (untouched.length === 0) continue
    // Escapes, comments and paths are made of few signs, so these come often.
    const signs = untouched.filter((byte) => '%+\\&/.*-#<!>x0u41; \t'.includes(String.fromCharCode(byte)))
    const byte = fc.oneof(fc.constantFrom(...untouched), fc.constantFrom(...signs, ...signs))
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 20 }), (bytes) => {
        const value = bytesOf(Uint8Array.from(bytes))
        assert.equal(transformation(value), value, name)
      }),
      { numRuns: 300 },
    )
  }
  assert.ok(known > 20, `${known} transformations`)
})

test('a value with a byte that spares it stays the very same', () => {
  const transformation = findTransformation('base64DecodeText')
  const sparing = transformation && sparingBytes(transformation)
  assert.ok(transformation && sparing)
  const spared = Array.from(sparing.keys()).filter((byte) => sparing[byte] === 1)
  const base64 = fc.string({
    unit: fc.constantFrom(...'QWxhZGRpbjpvcGVuIHNlc2FtZQ=='.split('')),
    maxLength: 30,
  })
  fc.assert(
    fc.property(base64, fc.constantFrom(...spared), base64, (before, byte, after) => {
      const value = `${before}${String.fromCharCode(byte)}${after}` as ReturnType<typeof bytesOf>
      assert.equal(transformation(value), value)
    }),
  )
})
