import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleOperation } from '../testing.ts'

const integer = { type: 'integer' }
const string = { type: 'string' }

type Fields = readonly (readonly [string, string])[]

async function readForm(
  properties: object,
  fields: Fields,
  encoding: object = {},
  type = 'application/x-www-form-urlencoded',
) {
  const schema = { type: 'object', properties }
  const operation = await sampleOperation({
    operation: { requestBody: { content: { [type]: { schema, encoding } } } },
  })
  const body = operation.requestBody?.match(type)
  assert.ok(body?.readForm)
  const { value, violations } = body.readForm(fields)
  return { value, problems: violations.map(({ pointer, keyword }) => `${pointer} ${keyword}`), body }
}

test('fields get the types of the properties that they are named after', async () => {
  const { value, problems, body } = await readForm(
    { a: integer, b: string, c: { type: 'array', items: integer }, d: { type: 'boolean' } },
    [
      ['a', '1'],
      ['b', '1'],
      ['c', '1'],
      ['c', '2'],
      ['d', 'true'],
    ],
  )
  assert.deepEqual([value, problems], [{ a: 1, b: '1', c: [1, 2], d: true }, []])
  assert.deepEqual(body.validate(value), [])
})

test('a field of another type, or one that stands twice, is a violation', async () => {
  const { problems } = await readForm({ a: integer, b: string }, [
    ['a', 'x'],
    ['b', '1'],
    ['b', '2'],
  ])
  assert.deepEqual(problems, ['/a type', '/b duplicate'])
})

test('fields that nobody declares are left to the schema, which refuses them', async () => {
  const { value, body } = await readForm({ a: integer }, [
    ['a', '1'],
    ['x', '2'],
    ['x', '3'],
  ])
  assert.deepEqual(value, { a: 1, x: ['2', '3'] })
  assert.equal(body.validate(value)[0]?.keyword, 'unknown')
})

test('names that reach a prototype are refused', async () => {
  for (const name of ['__proto__', 'constructor[prototype][a]', 'a[__proto__][b]']) {
    const { value, problems } = await readForm({ a: { type: 'object' } }, [[name, '1']])
    assert.equal(problems.length, 1, name)
    assert.deepEqual(value, {})
  }
})

test('objects are JSON, or written with brackets, and checked by the schema afterwards', async () => {
  const address = { type: 'object', properties: { city: string } }
  for (const type of ['multipart/form-data', 'application/x-www-form-urlencoded']) {
    assert.deepEqual((await readForm({ address }, [['address', '{"city":"Oslo"}']], {}, type)).value, {
      address: { city: 'Oslo' },
    })
    assert.deepEqual((await readForm({ address }, [['address[city]', 'Oslo']], {}, type)).value, {
      address: { city: 'Oslo' },
    })
  }
  const { problems } = await readForm({ address }, [['address', '{"city":1,"city":2}']])
  assert.deepEqual(problems, ['/address duplicate'])
})

test('encoding chooses the style of a field', async () => {
  const list = { type: 'array', items: integer }
  const fields: Fields = [
    ['a', '1,2'],
    ['b', '1|2'],
    ['c[x]', '1'],
    ['d', '[1]'],
  ]
  const { value, problems } = await readForm(
    { a: list, b: list, c: { type: 'object', properties: { x: integer } }, d: list },
    fields,
    {
      a: { explode: false },
      b: { style: 'pipeDelimited' },
      c: { style: 'deepObject' },
      d: { contentType: 'application/json' },
    },
  )
  assert.deepEqual([value, problems], [{ a: [1, 2], b: [1, 2], c: { x: 1 }, d: [1] }, []])
})

test('of several types the first that validates is meant', async () => {
  const either = {
    oneOf: [
      { type: 'integer', minimum: 10 },
      { type: 'string', maxLength: 1 },
    ],
  }
  assert.deepEqual((await readForm({ a: either }, [['a', '12']])).value, { a: 12 })
  assert.deepEqual((await readForm({ a: either }, [['a', '1']])).value, { a: '1' })
})

test('a form of ten thousand fields is refused without being read', async () => {
  const fields = Array.from({ length: 10_000 }, (_, number) => [`f${number}`, ''] as const)
  assert.deepEqual((await readForm({ a: string }, fields)).problems, [' maxProperties'])
})

test('a list of objects is one field of JSON each', async () => {
  const items = { type: 'array', items: { type: 'object', properties: { a: integer } } }
  const { value, problems } = await readForm({ items }, [
    ['items', '{"a":1}'],
    ['items', '{"a":2}'],
  ])
  assert.deepEqual([value, problems], [{ items: [{ a: 1 }, { a: 2 }] }, []])
})
