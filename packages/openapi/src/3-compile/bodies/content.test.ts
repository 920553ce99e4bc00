import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleMistakes, sampleOperation } from '../testing.ts'

const string = { type: 'string' }

async function bodyOf(content: object) {
  const operation = await sampleOperation({ operation: { requestBody: { content } } })
  assert.ok(operation.requestBody)
  return operation.requestBody
}

test('the most specific declaration wins: exact, then its type, then any', async () => {
  const body = await bodyOf({
    '*/*': {},
    'text/*': {},
    'text/plain': {},
    'application/json;version=2': {},
    'application/json': {},
  })
  const matched = (type: string) => body.match(type)?.mediaType
  assert.equal(matched('text/plain'), 'text/plain')
  assert.equal(matched('TEXT/plain; charset=utf-8'), 'text/plain')
  assert.equal(matched('text/csv'), 'text/*')
  assert.equal(matched('image/png'), '*/*')
  assert.equal(matched('application/json; version=2'), 'application/json;version=2')
  assert.equal(matched('application/json; version="2"; charset=utf-8'), 'application/json;version=2')
  assert.equal(matched('application/json; version=3'), 'application/json')
  assert.deepEqual(body.mediaTypes.length, 5)
})

test('a range takes each body in its own format', async () => {
  const body = await bodyOf({ '*/*': { schema: { type: 'object', properties: { a: string } } } })
  assert.equal(body.match('application/json')?.format, 'json')
  assert.equal(body.match('application/x-www-form-urlencoded')?.format, 'form')
  assert.equal(body.match('image/png')?.format, 'binary')
})

test('what nobody declares does not match, nor what is no media type', async () => {
  const body = await bodyOf({ 'application/json': {} })
  for (const type of [
    'text/plain',
    'application/json, text/plain',
    'application/vnd.api+json',
    'application',
    '',
    'application/json;',
  ]) {
    assert.equal(body.match(type), undefined, type)
  }
})

test('a body in another charset than UTF-8 does not match, where it would be read', async () => {
  const body = await bodyOf({
    'application/json': {},
    'text/plain': {},
    'text/csv': { schema: { ...string, maxLength: 5 } },
  })
  assert.equal(body.match('application/json; charset=utf-16'), undefined)
  assert.equal(body.match('application/json; charset=utf-7'), undefined)
  assert.equal(body.match('application/json; charset=utf-8; charset=utf-16'), undefined)
  assert.ok(body.match('application/json; charset="UTF-8"'))
  assert.ok(body.match('text/plain; charset=iso-8859-1'))
  assert.equal(body.match('text/csv; charset=iso-8859-1'), undefined)
})

test('ten thousand different content types leave nothing behind', async () => {
  const body = await bodyOf({ 'application/json': {} })
  for (let number = 0; number < 10_000; number++) body.match(`application/json; a=${number}`)
  assert.ok(body.match('application/json'))
})

test('a stream of JSON lines is checked line by line, by itemSchema where there is one', async () => {
  const line = { type: 'object', properties: { a: { type: 'integer' } } }
  const operation = await sampleOperation({
    openapi: '3.2.0',
    operation: {
      requestBody: { content: { 'application/x-ndjson': { schema: { type: 'array' }, itemSchema: line } } },
    },
  })
  const schema = operation.requestBody?.match('application/x-ndjson')
  assert.deepEqual(schema?.validate({ a: 1 }), [])
  assert.equal(schema?.validate({ a: 'x' }).length, 1)
})

test('a media type that nothing can match, and the unchecked schema of XML, are told', async () => {
  const content = { 'application/xml': { schema: string }, 'text/csv, text/tsv': {} }
  assert.deepEqual((await sampleMistakes({ operation: { requestBody: { content } } })).toSorted(), [
    'warning bad-media-type',
    'warning unchecked-body',
  ])
})

test('a shared media type of the components is found through its reference', async () => {
  const operation = await sampleOperation({
    openapi: '3.2.0',
    document: { components: { mediaTypes: { Line: { schema: { ...string, maxLength: 3 } } } } },
    operation: { requestBody: { content: { 'text/plain': { $ref: '#/components/mediaTypes/Line' } } } },
  })
  assert.equal(operation.requestBody?.match('text/plain')?.validate('long').length, 1)
})
