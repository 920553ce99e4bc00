import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isUtf8Charset, parseMediaType } from './media-type.ts'

const wellFormed: readonly (readonly [text: string, essence: string, parameters: Record<string, string>])[] =
  [
    ['application/json', 'application/json', {}],
    ['Application/JSON; Charset=UTF-8', 'application/json', { charset: 'UTF-8' }],
    ['text/plain ;\tcharset="utf-8"', 'text/plain', { charset: 'utf-8' }],
    ['application/vnd.api+json;v="a;b\\"c"', 'application/vnd.api+json', { v: 'a;b"c' }],
    ['multipart/form-data; boundary=----x', 'multipart/form-data', { boundary: '----x' }],
  ]
for (const [text, essence, parameters] of wellFormed) {
  test(`a media type is read with its parameters: ${text}`, () => {
    const mediaType = parseMediaType(text)
    assert.equal(mediaType?.essence, essence)
    assert.deepEqual(Object.fromEntries(mediaType?.parameters ?? []), parameters)
  })
}

const malformed = [
  '',
  'json',
  'application/',
  '/json',
  ' application/json',
  'application /json',
  'application/json, text/plain',
  'application/json,',
  'application/json;',
  'application/json; ',
  'application/json; charset',
  'application/json; charset=',
  'application/json; =utf-8',
  'application/json; charset=utf-8; charset=utf-7',
  'application/json; charset="utf-8',
  'application/json; charset=utf-8"',
  'application/json; charset = utf-8',
  'application/json\u0000',
  'application/json\r\nx: y',
  'application/json; a="\n"',
  'application/jsoñ',
  'application/json; charset=utf-8 charset=utf-7',
  `application/json; a=${'x'.repeat(2_000)}`,
  'text/html;;charset=utf-8',
]
test('what could be taken for two media types is none', () => {
  for (const text of malformed) assert.equal(parseMediaType(text), undefined, text)
})

test('only UTF-8 and its part ASCII are UTF-8', () => {
  const charsets = {
    'utf-8': true,
    UTF8: true,
    'us-ascii': true,
    'utf-7': false,
    'utf-16': false,
    'iso-8859-1': false,
    ibm037: false,
    '': false,
  }
  for (const [charset, expected] of Object.entries(charsets)) {
    const mediaType = parseMediaType(`text/plain; charset="${charset}"`)
    assert.equal(mediaType !== undefined && isUtf8Charset(mediaType), expected, charset)
  }
})
