import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { bytesOfText } from '../language/bytes.ts'
import { chooseBodyReader, isBodyProcessor } from './choose-body-reader.ts'
import { readWith } from './testing.ts'

test('the media type chooses the reader, whatever its case, blanks and parameters', () => {
  for (const [contentType, expected] of [
    ['application/x-www-form-urlencoded', 'URLENCODED'],
    ['Application/X-WWW-Form-Urlencoded ; charset=UTF-8', 'URLENCODED'],
    ['multipart/form-data; boundary=x', 'MULTIPART'],
    ['application/json', 'JSON'],
    ['\tapplication/json', 'JSON'],
    ['application/json,text/plain', 'JSON'],
    ['application/vnd.api+json;v=1', 'JSON'],
    ['text/xml', 'XML'],
    ['application/soap+xml', 'XML'],
    ['application/graphql', 'GRAPHQL'],
    ['text/plain', undefined],
    ['application/jsonx', undefined],
    ['multipart/mixed; boundary=x', undefined],
    ['', undefined],
  ] as const) {
    assert.equal(chooseBodyReader(contentType)?.name, expected, contentType)
  }
})

test('a rule chooses over the media type', () => {
  assert.equal(chooseBodyReader('text/plain', 'json')?.name, 'JSON')
  assert.equal(chooseBodyReader('application/json', 'URLENCODED')?.name, 'URLENCODED')
  assert.equal(chooseBodyReader('application/json', 'LUA'), undefined)
  assert.ok(isBodyProcessor('Xml'))
  assert.ok(!isBodyProcessor('constructor'))
})

test('every reader is total, and keeps to the limit of arguments', () => {
  const names = ['URLENCODED', 'MULTIPART', 'JSON', 'XML', 'GRAPHQL'] as const
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.string().map((text) => new Uint8Array(bytesOfUtf8(text))),
  )
  fc.assert(
    fc.property(fc.constantFrom(...names), bytes, fc.string(), (name, body, contentType) => {
      const reader = chooseBodyReader('', name)
      assert.ok(reader)
      const { sink } = readWith(reader.read, body, contentType, { arguments: 3 })
      assert.ok(
        sink.added.filter(([collection]) => collection === 'ARGS_POST' || collection === 'XML').length <= 4,
      )
    }),
    { numRuns: 300 },
  )
})

function bytesOfUtf8(text: string): Buffer {
  return Buffer.from(bytesOfText(text), 'latin1')
}
