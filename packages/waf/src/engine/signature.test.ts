import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { bytesOf } from '../language/bytes.ts'
import { ByteClass } from '../regex/byte-class.ts'
import { compileRegex } from '../regex/compile-regex.ts'
import { kindSetsOf } from './screening/kind-condition.ts'
import { signatureOf, signatureOfClass } from './signature.ts'

test('the signature of a value has the kinds of every class that has a byte of it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const signature = signatureOf(bytesOf(bytes))
      for (const byte of bytes) {
        const kinds = signatureOfClass(ByteClass.ofByte(byte))
        assert.notEqual(signature & kinds, 0, String(byte))
      }
    }),
  )
})

test('an expression that a signature rules out matches no value that has it', () => {
  const sources = [
    "(?:a1|b2|Z~|\\xff )x|[ab]\\d[^z]|12'",
    'a+b',
    '^[0-9]{3}$',
    "'\\s*or\\s*\\d",
    '(?i)select|union',
    '[^a-z]',
    '\\xff\\x00?',
    '',
  ]
  const regexes = sources.map((source) => compileRegex(source))
  const part = fc.constantFrom('a', 'b', '123', "' or 1", 'UNION', 'select', '\xff', '\x00', 'Z', '~', ' ')
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const value = bytesOf(Buffer.from(parts.join(''), 'latin1'))
      for (const regex of regexes) {
        assert.equal(regex.kind, 'regex')
        if (regex.kind !== 'regex' || !regex.regexp.test(value)) continue
        for (const kinds of kindSetsOf(regex.prefilter.condition))
          assert.notEqual(kinds & signatureOf(value), 0)
      }
    }),
  )
})
