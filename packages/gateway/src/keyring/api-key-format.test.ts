import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { apiKeyPattern, displayApiKey, generateApiKey, readApiKeyForm } from './api-key-format.ts'
import { base62Digits, randomBase62, toBase62 } from './base62.ts'

const environment = fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/)

describe('an API key', () => {
  it('that was made is well-formed, for any environment', () => {
    fc.assert(
      fc.property(environment, (name) => {
        const key = generateApiKey(name).reveal()
        assert.match(key, apiKeyPattern)
        assert.deepEqual(readApiKeyForm(key), { kind: 'well-formed', environment: name })
      }),
    )
  })

  it('is never made twice', () => {
    const keys = new Set(Array.from({ length: 1_000 }, () => generateApiKey('test').reveal()))
    assert.equal(keys.size, 1_000)
  })

  it('with one changed, swapped or missing character is refused without asking anyone', () => {
    const key = generateApiKey('test').reveal()
    const position = fc.nat({ max: key.length - 1 })
    fc.assert(
      fc.property(position, fc.constantFrom(...base62Digits.split('')), (index, digit) => {
        const changed = key.slice(0, index) + digit + key.slice(index + 1)
        const swapped =
          key.slice(0, index) +
          key
            .slice(index, index + 2)
            .split('')
            .reverse()
            .join('') +
          key.slice(index + 2)
        const shorter = key.slice(0, index) + key.slice(index + 1)
        for (const other of [changed, swapped, shorter])
          assert.equal(other === key || readApiKeyForm(other).kind !== 'well-formed', true, other)
      }),
    )
  })

  it('can be any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => readApiKeyForm(text).kind === 'malformed'))
    for (const text of ['', 'gw_', 'gw_test_', `gw_test_${'a'.repeat(1_000_000)}`, 'GW_test_x'])
      assert.equal(readApiKeyForm(text).kind, 'malformed')
    assert.equal(readApiKeyForm(`${generateApiKey('test').reveal()}\n`).kind, 'malformed')
  })

  it('shows its environment and four letters, and hides 128 bits at least', () => {
    const key = generateApiKey('test').reveal()
    assert.equal(displayApiKey(key), `${key.slice(0, 12)}…`)
    assert.ok((26 - 4) * Math.log2(62) > 128)
  })

  it('never prints itself', () => {
    const key = generateApiKey('test')
    assert.equal(`${String(key)} ${JSON.stringify({ key })}`, '[redacted] {"key":"[redacted]"}')
  })

  for (const name of ['', 'Test', '1st', 'a-b', 'x'.repeat(17), 'a_b']) {
    it(`is not made for an environment called "${name}"`, () => {
      assert.throws(() => generateApiKey(name), RangeError)
    })
  }
})

describe('base 62', () => {
  it('uses every digit about equally often', () => {
    // 62,000 digits: a count that is off by a third has a chance below 10^-20.
    const counts = new Map<string, number>()
    for (const digit of randomBase62(62_000)) counts.set(digit, (counts.get(digit) ?? 0) + 1)
    assert.equal(counts.size, 62)
    for (const count of counts.values()) assert.ok(count > 667 && count < 1_333, String(count))
  })

  it('writes a number in a way that can be read back', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 32 - 1 }), (value) => {
        const text = toBase62(value, 6)
        assert.equal(text.length, 6)
        assert.equal(
          text.split('').reduce((sum, digit) => sum * 62 + base62Digits.indexOf(digit), 0),
          value,
        )
      }),
    )
  })
})
