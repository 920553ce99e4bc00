import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileSchemas } from './testing.ts'

describe('what a schema says of types', () => {
  const { compiler } = compileSchemas(`
Whole: { type: integer }
Number: { type: number }
Ref: { $ref: '#/components/schemas/Whole' }
Union: { type: [string, 'null'] }
All: { allOf: [{ type: [string, integer] }, { type: [integer, boolean] }] }
Any: { anyOf: [{ type: string }, { $ref: '#/components/schemas/List' }] }
Enum: { enum: [a, 1, null] }
Const: { const: true }
Nothing: {}
Loop: { allOf: [{ $ref: '#/components/schemas/Loop' }] }
List: { type: array, items: { $ref: '#/components/schemas/Whole' } }
Named: { allOf: [{ properties: { a: {}, b: {} } }], oneOf: [{ properties: { b: {}, c: {} } }] }
`)
  const table = [
    ['Whole', ['integer']],
    ['Number', ['integer', 'number']],
    ['Ref', ['integer']],
    ['Union', ['null', 'string']],
    ['All', ['integer']],
    ['Any', ['array', 'string']],
    ['Enum', ['integer', 'null', 'number', 'string']],
    ['Const', ['boolean']],
    ['Nothing', ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']],
    ['Loop', ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']],
  ] as const
  for (const [name, expected] of table) {
    test(`${name} lets ${expected.join(', ')} through`, () => {
      assert.deepEqual([...compiler.typesOf(`/components/schemas/${name}`)].sort(), expected)
    })
  }

  test('items and properties are found through references and combinators', () => {
    assert.equal(compiler.itemPointer('/components/schemas/Any'), '/components/schemas/List/items')
    assert.equal(compiler.itemPointer('/components/schemas/Whole'), undefined)
    assert.deepEqual(
      [...compiler.propertyPointers('/components/schemas/Named')],
      [
        ['a', '/components/schemas/Named/allOf/0/properties/a'],
        ['b', '/components/schemas/Named/allOf/0/properties/b'],
        ['c', '/components/schemas/Named/oneOf/0/properties/c'],
      ],
    )
  })
})
