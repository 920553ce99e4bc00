import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleOperation } from '../testing.ts'

test('the fields of a request are listed with what their schemas say in simple terms', async () => {
  const operation = await sampleOperation({
    path: '/orders/{id}',
    document: {
      components: {
        schemas: {
          Line: { type: 'object', properties: { sku: { type: 'string', pattern: '^[A-Z]{3}$' } } },
          Tree: { type: 'object', properties: { child: { $ref: '#/components/schemas/Tree' } } },
        },
      },
    },
    item: {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
    },
    operation: {
      parameters: [
        { name: 'page', in: 'query', schema: { type: ['integer', 'null'] } },
        { name: 'tags', in: 'query', schema: { type: 'array', items: { enum: ['a', 'b', 3] } } },
        {
          name: 'joined',
          in: 'query',
          explode: false,
          schema: { type: 'array', items: { type: 'integer' } },
        },
        { name: 'q', in: 'query', schema: { type: 'string' } },
      ],
      requestBody: {
        content: {
          'application/json': {
            schema: {
              allOf: [
                { type: 'object', properties: { due: { type: 'string', format: 'date' } } },
                {
                  type: 'object',
                  properties: {
                    'a/b': { const: true },
                    lines: { type: 'array', items: { $ref: '#/components/schemas/Line' } },
                    tree: { $ref: '#/components/schemas/Tree' },
                  },
                },
              ],
            },
          },
        },
      },
    },
  })
  const told = operation.fields.map(({ in: place, name, values }) =>
    [place, name, values?.kind ?? 'anything'].join(' '),
  )
  assert.deepEqual(told.toSorted(), [
    'body /a~1b enum',
    'body /due date',
    'body /lines/*/sku pattern',
    'path id uuid',
    'query joined anything',
    'query page integer',
    'query q anything',
    'query tags enum',
  ])
})
