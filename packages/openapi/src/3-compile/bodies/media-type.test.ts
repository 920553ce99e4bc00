import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatOf, readMediaType } from './media-type.ts'

test('a media type is read without regard to case and white space', () => {
  const read = readMediaType(' Application/JSON ;\tCharset="UTF-8"; a=b ')
  assert.equal(read?.essence, 'application/json')
  assert.deepEqual(
    [...(read?.parameters ?? [])],
    [
      ['charset', 'UTF-8'],
      ['a', 'b'],
    ],
  )
})

for (const text of [
  '',
  'json',
  'a/b/c',
  'a/b, c/d',
  'a/b;',
  'a/b; c',
  'a/b;c=',
  'a/b;c="d',
  'a/b;c=d;C=e',
  'a /b',
  'a/b\nc',
  `a/${'b'.repeat(300)}`,
]) {
  test(`${JSON.stringify(text.slice(0, 20))} is no media type`, () => {
    assert.equal(readMediaType(text), undefined)
  })
}

test('no text makes the reading throw or hang', () => {
  fc.assert(fc.property(fc.string(), (text) => void readMediaType(`a/b;${text}`)))
  readMediaType(`a/b${';a="'.repeat(10_000)}`)
})

test('the format follows from the subtype and its suffix', () => {
  const table = {
    'application/json': 'json',
    'application/problem+json': 'json',
    'application/x-ndjson': 'ndjson',
    'application/x-www-form-urlencoded': 'form',
    'multipart/form-data': 'multipart',
    'text/xml': 'xml',
    'image/svg+xml': 'xml',
    'text/plain': 'text',
    'application/octet-stream': 'binary',
    'application/jsonp': 'binary',
  }
  for (const [essence, format] of Object.entries(table)) assert.equal(formatOf(essence), format, essence)
})
