import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readJson, type JsonLimits, type JsonReading } from './strict-json.ts'

const limits: JsonLimits = {
  maxDepth: 32,
  maxKeys: 1_000,
  maxElements: 10_000,
  maxString: 65_536,
  maxNumber: 64,
  strict: true,
}

function read(text: string | Buffer, changed: Partial<JsonLimits> = {}): JsonReading {
  return readJson(Buffer.from(text as string), { ...limits, ...changed })
}

function assertRefused(text: string | Buffer, changed: Partial<JsonLimits> = {}): string {
  const reading = read(text, changed)
  assert.equal(reading.kind, 'refused', JSON.stringify(text.toString()))
  return reading.kind === 'refused' ? reading.reason : ''
}

test('every text that JSON.stringify writes is read as JSON.parse reads it', () => {
  const roomy = { maxDepth: 200, maxKeys: 1e6, maxElements: 1e6, maxString: 1e6 }
  const space = fc.constantFrom('', ' ', '\n', '\t', ' \r\n ')
  fc.assert(
    fc.property(fc.json({ depthSize: 'large' }), space, space, (text, before, after) => {
      const spaced = JSON.stringify(JSON.parse(text), null, before)
      const reading = read(before + spaced + after, roomy)
      if (reading.kind === 'value') assert.deepEqual(reading.value, JSON.parse(text))
      // The generator makes what this reader refuses on purpose: numbers of 16 digits and more, and prototype keys.
      else assert.match(reading.reason, /huge number|prototype/)
    }),
    { numRuns: 500 },
  )
})

test('no text is read that JSON.parse does not read, nor read differently', () => {
  const fragments = fc.constantFrom(
    ...'{}[]":,\\u0-1e.+tn '.split(''),
    '"a"',
    '"b":',
    'true',
    'null',
    '1',
    '\\ud800',
    '\u0000',
  )
  fc.assert(
    fc.property(fc.array(fragments, { maxLength: 14 }), (parts) => {
      const text = parts.join('')
      const reading = read(text)
      if (reading.kind === 'value') assert.deepEqual(reading.value, JSON.parse(text))
      else if (isJson(text)) assert.match(reading.reason, /duplicate|broken escape|huge/)
      else assert.notEqual(reading.reason, 'not JSON', 'the scanner itself knows the grammar')
    }),
    { numRuns: 5_000 },
  )
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('any bytes at all are answered, never thrown at', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      assert.ok(readJson(Buffer.from(bytes), limits).kind)
      assert.ok(readJson(Buffer.from(bytes), { ...limits, strict: false }).kind)
    }),
    { numRuns: 2_000 },
  )
})

const duplicates = [
  '{"role":"user","role":"admin"}',
  '{"role":"user","r\\u006fle":"admin"}',
  '{"r\\u006fle":"user","role":"admin"}',
  '{"r\\u006fle":1,"rol\\u0065":2}',
  '{"":1,"":2}',
  '{"é":1,"\\u00e9":2}',
  '{"😀":1,"\\ud83d\\ude00":2}',
  '{"a":{"b":1,"c":{},"b":2}}',
  '[{"a":1},{"a":1,"b":[{"x":1}],"a":2}]',
  '{"a/b":1,"a\\/b":2}',
  `{${Array.from({ length: 40 }, (_, index) => `"k${index}":0`).join()},"k3":1}`,
  `{${Array.from({ length: 40 }, (_, index) => `"k${index}":{"k${index}":0}`).join()},"k39":1}`,
]
for (const text of duplicates) {
  test(`a key that comes twice is refused: ${text.slice(0, 60)}`, () => {
    assert.match(assertRefused(text), /^a duplicate key at byte \d+$/)
  })
}

const notDuplicates = [
  '{"a":{"a":{"a":1}},"b":{"a":1}}',
  '[{"a":1},{"a":2}]',
  '{"\\u0061":{"a":1,"b":2},"b":{"a":3}}',
  '{"\\u0061":{"\\u0061":{"\\u0061":1}},"b":1}',
  '{"a":1,"A":2,"a ":3}',
  '{"é":1,"e\\u0301":2}',
]
for (const text of notDuplicates) {
  test(`the same key in different objects is fine: ${text}`, () => {
    assert.deepEqual(read(text), { kind: 'value', value: JSON.parse(text) })
  })
}

const pollution = [
  '{"__proto__":{"isAdmin":true}}',
  '{"\\u005f_proto__":1}',
  '{"a":[{"b":{"__proto__":null}}]}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '{"constructor":{"a":1,"\\u0070rototype":{}}}',
  '{"c\\u006fnstructor":{"prototype":1}}',
]
for (const text of pollution) {
  test(`a key that reaches for a prototype is refused: ${text}`, () => {
    assert.match(assertRefused(text), /prototype/)
  })
}

test('constructor and prototype are ordinary names where they cannot reach anything', () => {
  for (const text of [
    '{"constructor":"Ferrari","prototype":{"name":"x"}}',
    '{"constructor":{"name":"Ferrari"}}',
    '{"__proto":1,"proto__":2,"_________":3}',
  ]) {
    assert.equal(read(text).kind, 'value', text)
  }
})

const malformed = [
  '',
  ' ',
  '\u00a0',
  '{',
  '[',
  '}',
  ']',
  '"',
  "'a'",
  '{a:1}',
  "{'a':1}",
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{,}',
  '{"a",1}',
  '{"a":1 "b":2}',
  '{"a":1;"b":2}',
  '{"a"::1}',
  '{"a":1}}',
  '{"a":1}{}',
  '{1:1}',
  '{null:1}',
  '{[]:1}',
  '{"a":1}#',
  '{"a":1}//',
  '/**/{}',
  '{"a":/**/1}',
  '[1,]',
  '[,1]',
  '[,]',
  '[1,,2]',
  '[1 2]',
  '[1]]',
  '[1}',
  '["a":1]',
  '[1',
  '[""',
  '["a',
  '["a\n"]',
  '["\t"]',
  '["\u0000"]',
  '["\u001f"]',
  '["\\x41"]',
  '["\\\'"]',
  '["\\u"]',
  '["\\u00"]',
  '["\\u00g0"]',
  '["\\U0041"]',
  '["\\a"]',
  '["\\',
  '["\\u0',
  '["\\\u{1f600}"]',
  '[01]',
  '[-01]',
  '[00]',
  '[1.]',
  '[.5]',
  '[-]',
  '[+1]',
  '[-.5]',
  '[1e]',
  '[1e+]',
  '[1E-]',
  '[1.e1]',
  '[1e1.5]',
  '[1e1e1]',
  '[0x10]',
  '[1_000]',
  '[NaN]',
  '[Infinity]',
  '[-Infinity]',
  '[1a]',
  '[- 1]',
  '[--1]',
  '[1+2]',
  '[0e]',
  '[１]',
  'nul',
  'nulll',
  'True',
  'FALSE',
  'tru',
  'undefined',
  'true false',
  '[tru]',
  '[nul',
  '\ufeff{}',
  '{}\u0000',
  '{"a":1}\u00a0',
  '\u2028{}',
  '[\u000b1]',
  '[\f1]',
  '*',
  '<html>',
  '{"a":"b"',
]
test('what is not RFC 8259 is refused by the scan itself', () => {
  for (const text of malformed) assert.notEqual(assertRefused(text), 'not JSON')
})

const notUtf8: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['an overlong slash', Buffer.from('225cc0af22', 'hex')],
  ['an overlong quote', Buffer.from('22c0a222', 'hex')],
  ['a surrogate in UTF-8', Buffer.from('22eda08022', 'hex')],
  ['beyond U+10FFFF', Buffer.from('22f490808022', 'hex')],
  ['a lone continuation', Buffer.from('228022', 'hex')],
  ['half a character', Buffer.from('22e282', 'hex')],
  ['Latin-1', Buffer.from('{"a":"é"}', 'latin1')],
  ['UTF-16 with its mark', Buffer.from('\ufeff{"a":1}', 'utf16le')],
  ['UTF-16 without a mark', Buffer.from('{"a":1}', 'utf16le')],
  ['UTF-16BE without a mark', Buffer.from('{"a":1}', 'utf16le').swap16()],
  ['UTF-32', Buffer.from('7b0000007d000000', 'hex')],
  ['UTF-7', Buffer.from('+AHsAfQ-')],
  ['a UTF-8 byte order mark', Buffer.from('\ufeff{}')],
]
for (const [name, bytes] of notUtf8) {
  test(`${name} is refused`, () => {
    assertRefused(bytes)
  })
}

for (const text of [
  '"\\ud800"',
  '"\\udc00"',
  '"\\ud800\\ud800"',
  '"\\udc00\\ud800"',
  '"\\ud800x"',
  '"\\ud83d\\n"',
  '{"\\uD800":1}',
]) {
  test(`half a surrogate pair is refused: ${text}`, () => {
    assertRefused(text)
  })
}

const huge = [
  '1e309',
  '-1e309',
  '1e-400',
  '-0.1e-999',
  '9007199254740992',
  '-9007199254740992',
  '9007199254740993',
  '12345678901234567890',
  '12345678901234567890.0',
  '12345678901234567890e-3',
  `0.${'0'.repeat(330)}1`,
  '123456789012345678901234567890123456789012345678901234567890123456',
]
for (const text of huge) {
  test(`a number that a double cannot hold is refused: ${text.slice(0, 30)}`, () => {
    assert.match(assertRefused(text, { maxNumber: 400 }), /huge number/)
  })
}

test('numbers that doubles hold are read', () => {
  for (const text of [
    '0',
    '-0',
    '9007199254740991',
    '-9007199254740991',
    '1e308',
    '0e9',
    '0.0e-999',
    '1.7976931348623157e308',
    '5e-324',
    '0.1',
    '1E+2',
  ]) {
    assert.deepEqual(read(text), { kind: 'value', value: Number(text) })
  }
})

test('every bound refuses one more and lets the bound itself pass', () => {
  assert.equal(read('[[[]]]', { maxDepth: 3 }).kind, 'value')
  assert.match(assertRefused('[[[[]]]]', { maxDepth: 3 }), /deeper than 3/)
  assert.match(assertRefused('{"a":[{"b":{}}]}', { maxDepth: 3 }), /deeper than 3/)
  assert.equal(read('{"a":{"b":1}}', { maxKeys: 2 }).kind, 'value')
  assert.match(assertRefused('[{"a":1},{"a":1},{"a":1}]', { maxKeys: 2 }), /more than 2 keys/)
  assert.equal(read('[[1],[2]]', { maxElements: 4 }).kind, 'value')
  assert.match(assertRefused('[[1],[2,3]]', { maxElements: 4 }), /more than 4 elements/)
  assert.equal(read('"äöü\\n\\ud83d\\ude00"', { maxString: 5 }).kind, 'value')
  assert.match(assertRefused('"äöüabc"', { maxString: 5 }), /longer than 5/)
  assert.match(assertRefused('{"abcdef":1}', { maxString: 5 }), /longer than 5/)
  assert.equal(read('1.25', { maxNumber: 4 }).kind, 'value')
  assert.match(assertRefused('-1.25', { maxNumber: 4 }), /number longer than 4/)
})

test('a reason quotes nothing of the text', () => {
  for (const text of ['{"s3cret":1,"s3cret":2}', '{"s3cret', '["s3cret\n"]', 's3cret', '{"s3cret":s3cret}']) {
    assert.doesNotMatch(assertRefused(text), /s3cret/)
    assert.doesNotMatch(assertRefused(text.slice(0, -1), { strict: false }), /s3cret/)
  }
})

test('answers are read with a bound on depth alone', () => {
  const lenient = { strict: false, maxKeys: 1, maxElements: 1, maxString: 1, maxNumber: 1 }
  for (const text of [
    '{"a":1,"a":2}',
    '{"__proto__":1}',
    '12345678901234567890',
    '["[[[[[[{{{{{{","\\"[[[[[["]',
    '[[],[],[],[],[]]',
  ]) {
    assert.equal(read(text, { ...lenient, maxDepth: 3 }).kind, 'value', text)
  }
  assert.deepEqual(read('\ufeff{"a":1}', lenient), { kind: 'value', value: { a: 1 } })
  assert.match(assertRefused('[[[[]]]]', { ...lenient, maxDepth: 3 }), /deeper than 3/)
  assertRefused('[1', lenient)
})

test('a megabyte of nesting, keys or escapes is refused or read without deep recursion', () => {
  assertRefused('['.repeat(1_000_000), { maxElements: 2_000_000 })
  assertRefused('{"a":'.repeat(200_000), { maxKeys: 2_000_000 })
  assertRefused('['.repeat(1_000_000), { strict: false })
  const many = `{${Array.from({ length: 50_000 }, (_, index) => `"k${index}":0`).join()}}`
  assert.equal(read(many, { maxKeys: 50_000 }).kind, 'value')
})
