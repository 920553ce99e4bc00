import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { bytesOf } from '../language/bytes.ts'
import { compileRegex } from '../regex/compile-regex.ts'
import { maskOfSignature, signatureOf } from './signature.ts'

test('the mask of a signature has every byte of the value', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const mask = maskOfSignature(signatureOf(bytesOf(bytes)))
      for (const byte of bytes) assert.ok(((mask[byte >>> 5] ?? 0) >>> (byte & 31)) & 1, String(byte))
    }),
  )
})

test('an expression that a signature rules out matches no value that has it', () => {
  const sources = ['a+b', '^[0-9]{3}$', "'\\s*or\\s*\\d", '(?i)select|union', '[^a-z]', '\\xff\\x00?', '']
  const regexes = sources.map((source) => compileRegex(source))
  const part = fc.constantFrom('a', 'b', '123', "' or 1", 'UNION', 'select', '\xff', '\x00', 'Z', '~', ' ')
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const value = bytesOf(Buffer.from(parts.join(''), 'latin1'))
      const mask = maskOfSignature(signatureOf(value))
      for (const regex of regexes) {
        assert.equal(regex.kind, 'regex')
        if (regex.kind === 'regex' && regex.regexp.test(value)) assert.ok(regex.prefilter.admitsBytes(mask))
      }
    }),
  )
})
