import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { loadContract } from './load-contract.ts'

const document = {
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: '/{version}', variables: { version: { default: 'v1' } } }],
  security: [{ key: [] }],
  paths: {
    '/orders/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
      get: {
        operationId: 'getOrder',
        parameters: [
          {
            name: 'view',
            in: 'query',
            style: 'form',
            explode: false,
            schema: { type: 'array', items: { enum: ['a', 'b'] } },
          },
          {
            name: 'filter',
            in: 'query',
            style: 'deepObject',
            schema: { $ref: '#/components/schemas/Order' },
          },
          { $ref: '#/components/parameters/Trace' },
        ],
        responses: {
          200: {
            description: 'fine',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
          },
        },
      },
      post: {
        requestBody: {
          content: {
            'multipart/form-data': {
              schema: { type: 'object', properties: { a: { type: 'string', pattern: '^a+$' } } },
              encoding: { a: { style: 'form' } },
            },
          },
        },
        security: [],
        responses: { default: { description: 'any' } },
      },
    },
  },
  components: {
    schemas: {
      Order: {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'integer' }, parent: { $ref: '#/components/schemas/Order' } },
      },
    },
    parameters: { Trace: { name: 'X-Trace', in: 'header', content: { 'application/json': { schema: {} } } } },
    securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
  },
}

test('all mistakes are told at once, those of the structure with those of the schemas', async () => {
  const text = JSON.stringify({
    ...document,
    servers: [{ url: '/{edition}' }],
    paths: { '/a': { get: { parameters: [{ name: 'q', in: 'query', schema: { type: 'strin' } }] } } },
  })
  const { contract, diagnostics } = await loadContract({ text, file: 'a.json' })
  assert.equal(contract, undefined)
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)
  assert.deepEqual(errors, ['undefined-variable', 'invalid-keyword'])
})

test('no document makes loading throw, whatever stands in any place of it', async () => {
  const strange = fc.constantFrom<unknown>(
    null,
    true,
    0,
    '',
    'x',
    [],
    {},
    [null],
    { $ref: '#' },
    { $ref: '#/paths' },
    { $ref: 5 },
    { a: null },
    '#/x',
    { $ref: '#/components/schemas/Order' },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(), strange), { minLength: 1, maxLength: 3 }),
      async (changes) => {
        const mutant: unknown = structuredClone(document)
        for (const [place, value] of changes) replaceNth(mutant, place, value)
        const { contract, diagnostics } = await loadContract({ text: JSON.stringify(mutant), file: 'a.json' })
        const errors = diagnostics.filter(({ severity }) => severity === 'error')
        assert.equal(contract === undefined, errors.length > 0)
        for (const operation of contract?.operations ?? []) {
          const raw = { path: ['1'], query: 'view=a&filter[id]=1', header: () => '1' }
          operation.parameters.read(raw, { allowUnknownQuery: false, ignoredQuery: new Set() })
          operation.response(200)?.match('application/json')
          operation.requestBody?.match('multipart/form-data')?.readForm?.([['a', 'a']])
        }
      },
    ),
    { numRuns: 400 },
  )
})

test('no text makes loading throw', async () => {
  const pieces = fc.constantFrom(
    'openapi: 3.1.0\n',
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ' ',
    '\n',
    '- ',
    '&a ',
    '*a',
    '<<',
    '? ',
    '| \n',
    '!!',
    '---',
    '#',
    '%',
    '\t',
    'a',
    '\0',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 25 }), async (parts) => {
      await loadContract({ text: parts.join(''), file: 'a.yaml' })
    }),
    { numRuns: 1000 },
  )
})

/** Replaces the member that a walk reaches as the n-th; `openapi` stays, so that the rest is looked at. */
function replaceNth(root: unknown, place: number, value: unknown): void {
  const slots: (() => void)[] = []
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    for (const key of Object.keys(node)) {
      if (key === 'openapi') continue
      const object = node as Record<string, unknown>
      slots.push(() => (object[key] = structuredClone(value)))
      walk(object[key])
    }
  }
  walk(root)
  slots[place % slots.length]?.()
}
