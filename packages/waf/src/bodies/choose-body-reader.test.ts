import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { bytesOfText } from '../language/bytes.ts'
import { chooseBodyReader, isBodyProcessor } from './choose-body-reader.ts'
import { errorOf, readWith } from './testing.ts'

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
    ['multipart/form-data boundary=x', 'MULTIPART'],
    ['application/json\tcharset=utf-8', 'JSON'],
    ['text/plain', undefined],
    ['application/jsonx', undefined],
    ['multipart/mixed; boundary=x', undefined],
    ['', undefined],
  ] as const) {
    assert.equal(chooseBodyReader(contentType)?.name, expected, contentType)
  }
})

test('two media types of different kinds are read by the first that is known, and are an error', () => {
  for (const [contentType, expected] of [
    ['application/json, application/x-www-form-urlencoded', 'JSON'],
    ['text/plain; a=b, application/json', 'JSON'],
    ['application/json,text/plain', 'JSON'],
  ] as const) {
    const processor = chooseBodyReader(contentType)
    assert.equal(processor?.name, expected)
    assert.equal(chooseBodyReader(contentType, 'json'), processor)
    const { reading, sink } = readWith(processor.read, '{"a":1}', contentType)
    assert.equal(errorOf(reading), 'more than one media type')
    assert.deepEqual(sink.of('ARGS_POST'), ['json.a=1'])
  }
  const same = chooseBodyReader('application/json, application/json')
  assert.equal(same?.read, chooseBodyReader('application/json')?.read)
  const comma = chooseBodyReader('multipart/form-data; boundary=a,b')
  assert.equal(comma?.read, chooseBodyReader('multipart/form-data')?.read)
})

test('a body without a type is read as what it looks like, if a rule says so', () => {
  const processor = chooseBodyReader('text/plain', 'auto')
  assert.ok(processor)
  for (const [body, ...expected] of [
    [' {"a":1}', 'json.a=1'],
    ['[1]', 'json.0=1'],
    ['<a>x</a>'],
    ['a=1&b=2', 'a=1', 'b=2'],
    ['a[0]=1', 'a[0]=1'],
    ['hello, world', '=hello, world'],
    ['{"a":1,}', 'json.a=1', 'json={"a":1,}'],
    ['{7*7}', 'json={7*7}'],
  ] as const) {
    const { reading, sink } = readWith(processor.read, body)
    assert.deepEqual([reading.kind, sink.of('ARGS_POST')], ['read', expected], body)
  }
  assert.deepEqual(readWith(processor.read, '<a>x</a>').sink.of('XML'), ['/*=x'])
})

test('a rule chooses over the media type', () => {
  assert.equal(chooseBodyReader('text/plain', 'json')?.name, 'JSON')
  assert.equal(chooseBodyReader('application/json', 'URLENCODED')?.name, 'URLENCODED')
  assert.equal(chooseBodyReader('application/json', 'LUA'), undefined)
  assert.ok(isBodyProcessor('Xml'))
  assert.ok(!isBodyProcessor('constructor'))
})

test('every reader is total, and keeps to the limit of arguments', () => {
  const names = ['URLENCODED', 'MULTIPART', 'JSON', 'XML', 'GRAPHQL', 'AUTO'] as const
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

test('bodies of megabytes in one breath are read too', () => {
  for (const [name, before, unit] of [
    ['GRAPHQL', '', ' '],
    ['GRAPHQL', '{a(x:"', 'a'],
    ['GRAPHQL', '', '#'],
    ['JSON', '"', '\\\\'],
    ['JSON', '', '1'],
    ['XML', '<', 'a'],
    ['XML', '<a>', '&'],
    ['MULTIPART', '--B\r\nContent-Disposition: form-data; name="', '\\"'],
    ['URLENCODED', '', '%41'],
  ] as const) {
    const reader = chooseBodyReader('', name)
    assert.ok(reader)
    const body = before + unit.repeat(6_000_000 / unit.length)
    const { sink } = readWith(reader.read, body, 'multipart/form-data; boundary=B')
    assert.ok(sink.added.length <= 3, name)
  }
})

function bytesOfUtf8(text: string): Buffer {
  return Buffer.from(bytesOfText(text), 'latin1')
}
