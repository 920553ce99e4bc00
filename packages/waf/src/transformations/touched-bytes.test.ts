import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { bytesOf } from '../language/bytes.ts'
import { findTransformation, transformationNames } from './find-transformation.ts'
import { touchedBytes } from './touched-bytes.ts'

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
