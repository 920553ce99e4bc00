import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { bytesOf, bytesOfText, textOf } from '../../language/bytes.ts'
import { defaultBodyLimits } from '../body-limits.ts'
import { KeepingSink, errorOf, readWith } from '../testing.ts'
import { readCookies } from './read-cookies.ts'
import { readQuery, readUrlEncoded } from './read-url-encoded.ts'

const pairs: readonly (readonly [body: string, ...expected: string[]])[] = [
  ['a=1&b=2', 'a=1', 'b=2'],
  ['a=1&a=2&a=1', 'a=1', 'a=2', 'a=1'],
  ['a=1;b=2', 'a=1;b=2'],
  ['a', 'a='],
  ['=v', '=v'],
  ['=', '='],
  ['&&a=1&', 'a=1'],
  ['a=b=c', 'a=b=c'],
  ['a+b=c+d', 'a b=c d'],
  ['%61%3D=%26', 'a==&'],
  ['a=%zz%4', 'a=%zz%4'],
  ['a=%u0041%', 'a=%u0041%'],
  ['a=%2527', 'a=%27'],
  ['a=%00b', 'a=\u0000b'],
  ['a=%C3%BC', 'a=ü'],
  ['?a=1', '?a=1'],
  ['a[]=1&a[b][c]=2', 'a[]=1', 'a[b][c]=2'],
]

test('a form is parted at & alone, decoded once, and keeps every pair', () => {
  for (const [body, ...expected] of pairs) {
    const { reading, sink } = readWith(readUrlEncoded, body)
    assert.deepEqual([reading.kind, sink.of('ARGS_POST')], ['read', expected], body)
  }
})

test('a query is read as a form is', () => {
  for (const [query, ...expected] of pairs) {
    const sink = new KeepingSink()
    readQuery(bytesOfText(query), defaultBodyLimits, sink)
    assert.deepEqual(sink.of('ARGS_GET'), expected)
  }
})

test('a percent sign before anything but two hexadecimal digits is told', () => {
  assert.equal(readWith(readUrlEncoded, 'a=%4g').sink.variables.URLENCODED_ERROR, 1)
  assert.equal(readWith(readUrlEncoded, 'a=%4').sink.variables.URLENCODED_ERROR, 1)
  assert.equal(readWith(readUrlEncoded, 'a=%41').sink.variables.URLENCODED_ERROR, undefined)
})

test('arguments past the limit are one last argument, and an error', () => {
  const { reading, sink } = readWith(readUrlEncoded, 'a=1&b=2&c=%27x&d=4', '', { arguments: 2 })
  assert.equal(errorOf(reading), 'more than 2 arguments')
  assert.deepEqual(sink.of('ARGS_POST'), ['a=1', 'b=2', "=c='x&d=4"])
})

test('a charset that changes what ASCII bytes mean is an error, and the bytes are read all the same', () => {
  for (const [charset, isFine] of [
    ['utf-8', true],
    ['"UTF-8"', true],
    ['iso-8859-1', true],
    ['windows-1252', true],
    ['ibm037', false],
    ['utf-7', false],
    ['utf-16', false],
    ['x-any', false],
    ['utf-8; charset=utf-7', false],
    [`utf-8${'; charset="'.repeat(200)}`, false],
    ['utf-8, charset=ibm500', false],
  ] as const) {
    const { reading, sink } = readWith(readUrlEncoded, 'a=1', `application/x; charset=${charset}`)
    assert.equal(reading.kind === 'read', isFine, charset)
    assert.deepEqual(sink.of('ARGS_POST'), ['a=1'])
  }
})

test('any text is read as the URL standard reads it', () => {
  const pieces = fc.constantFrom(
    '&',
    '=',
    '+',
    '%',
    '%4',
    '%41',
    '%zz',
    '%C3%BC',
    '%ff',
    '%00',
    ';',
    'a',
    ' ',
    '%25',
    '#',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (chosen) => {
      const text = chosen.join('')
      const { sink } = readWith(readUrlEncoded, text)
      assert.deepEqual(
        sink.added.map(([, name, value]) => [name, value]),
        [...new URLSearchParams(text)],
      )
    }),
    { numRuns: 500 },
  )
})

const cookies: readonly (readonly [field: string, ...expected: string[]])[] = [
  ['a=1; b=2', 'a=1', 'b=2'],
  ['a=1;b=2;', 'a=1', 'b=2'],
  ['a=1; a=2', 'a=1', 'a=2'],
  ['a', 'a='],
  [' a = 1 ', 'a=1'],
  ['a="1"', 'a="1"'],
  ['a=%27', 'a=%27'],
  ['a=b=c', 'a=b=c'],
  ['a=1, b=2', 'a=1, b=2'],
  ['$Version=1; a=1', '$Version=1', 'a=1'],
  ['"$Version"=1', '"$Version"=1'],
  ['a="x; b=y"', 'a="x', 'b=y"', 'a=x; b=y'],
  ['$Version=1; a="\\163elect"', '$Version=1', 'a="\\163elect"', 'a=select'],
  ['a="\\"q\\""; b=1', 'a="\\"q\\""', 'b=1', 'a="q"'],
  ['a="open; b=1', 'a="open', 'b=1'],
  ['a=à', 'a=à'],
]

test('cookies are parted at every ; and not decoded; what older readers make of quotes is read besides', () => {
  for (const [field, ...expected] of cookies) {
    const sink = new KeepingSink()
    readCookies(bytesOfText(field), defaultBodyLimits, sink)
    assert.deepEqual(sink.of('REQUEST_COOKIES'), expected, field)
  }
})

test('cookies past the limit are one last cookie, and an error', () => {
  const sink = new KeepingSink()
  const reading = readCookies(bytesOfText('a=1; b=2; c=3'), { ...defaultBodyLimits, arguments: 1 }, sink)
  assert.equal(errorOf(reading), 'more than 1 arguments')
  assert.deepEqual(sink.of('REQUEST_COOKIES'), ['a=1', '= b=2; c=3'])
})

test('no bytes stop the readers, and no byte of a value is lost', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const { sink } = readWith(readUrlEncoded, bytes)
      const letters = textOf(bytesOf(bytes)).match(/[a-zA-Z0-9]{4,}/g) ?? []
      const seen = sink.added.map(([, name, value]) => `${name}=${value}`).join('&')
      if (!bytes.includes(0x25)) for (const word of letters) assert.ok(seen.includes(word))
      readCookies(bytesOf(bytes), defaultBodyLimits, new KeepingSink())
    }),
  )
})

test('a cookie field of nothing but half-open quotes and blanks takes no time to speak of', () => {
  for (const field of [
    ';="'.repeat(20_000),
    ' '.repeat(60_000),
    `a="${'\\'.repeat(60_001)}`,
    ';a '.repeat(20_000),
  ]) {
    const sink = new KeepingSink()
    readCookies(bytesOfText(field), { ...defaultBodyLimits, arguments: 50 }, sink)
    assert.ok(sink.added.length <= 52)
  }
})
